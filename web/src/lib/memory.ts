/** localStorage where the browser allows it; private windows may refuse. */
export function recall(key: string): unknown {
  try {
    const text = window.localStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null; // refused, or written by something else: start fresh
  }
}

export function remember(key: string, value: unknown): void {
  try {
    if (value === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // storage refused or full: only resuming after a reload is lost
  }
}
