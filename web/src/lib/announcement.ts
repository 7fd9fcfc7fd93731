import { createStore } from "./store.ts";

/** The last thing worth telling those who listen instead of looking; components/announcer.tsx reads it out. */
export const announcement = createStore("");

export function announce(words: string): void {
  announcement.set(words);
}
