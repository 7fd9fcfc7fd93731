/** Whoever waits has a turn, a finger and the screen first; then the caller goes on, ahead of what can wait longer. */
export function turn(): Promise<void> {
  const { scheduler } = globalThis as { scheduler?: { yield?: () => Promise<void> } };
  return scheduler?.yield?.() ?? new Promise((resolve) => void setTimeout(resolve));
}
