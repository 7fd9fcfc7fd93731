/** How long a browser may take to begin saving. */
const keptMs = 60_000;

/** Puts a file among the downloads of this device. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), keptMs);
}
