/** Where clips lie while they are cut: the browser's file system, written by features/filming/cut.ts. */

const name = "cuts";
/** What is older was left by a tab that was closed while it cut. */
const lifetimeMs = 3600 * 1000;

export async function cutsFolder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
}

/** For when the climber leaves this browser. */
export async function dropCuts(): Promise<void> {
  try {
    await (await navigator.storage.getDirectory()).removeEntry(name, { recursive: true });
  } catch {
    // none there, or refused
  }
}

export async function dropOldCuts(nowMs: number = Date.now()): Promise<void> {
  try {
    const folder = await cutsFolder();
    for await (const [cut, handle] of folder.entries()) {
      const isOld = handle instanceof FileSystemFileHandle && nowMs - (await handle.getFile()).lastModified > lifetimeMs;
      if (isOld) await folder.removeEntry(cut);
    }
  } catch {
    // refused: then there are none
  }
}
