/** What the browser remembers: for good, or in `sessionStorage` as long as its tab lives. Private windows may refuse. */
type Place = "localStorage" | "sessionStorage";

export function recall(key: string, place: Place = "localStorage"): unknown {
  try {
    const text = window[place].getItem(key);
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null; // refused, or written by something else: start fresh
  }
}

export function remember(key: string, value: unknown, place: Place = "localStorage"): void {
  try {
    if (value === null) window[place].removeItem(key);
    else window[place].setItem(key, JSON.stringify(value));
  } catch {
    // storage refused or full: only resuming after a reload is lost
  }
}
