import { createStore } from "./store.ts";

/** What was just done, with a way back, or what has come, with a way there; shown for a while by components/toast.tsx. */
export interface Toast {
  text: string;
  undo: (() => void) | null;
  /** Where what it tells of can be looked at. */
  href: string | null;
}

export const toast = createStore<Toast | null>(null);

export function showToast(text: string, undo: Toast["undo"] = null): void {
  toast.set({ text, undo, href: null });
}

export function showNews(text: string, href: string): void {
  toast.set({ text, undo: null, href });
}
