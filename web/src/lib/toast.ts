import { createStore } from "./store.ts";

/** What was just done, with a way back; shown for a while by components/toast.tsx. */
export interface Toast {
  text: string;
  undo: (() => void) | null;
}

export const toast = createStore<Toast | null>(null);

export function showToast(text: string, undo: Toast["undo"] = null): void {
  toast.set({ text, undo });
}
