import { useState } from "preact/hooks";

export interface History<T> {
  now: T;
  canUndo: boolean;
  /** Changes in a row with the same name are taken back together: a drag, a row of keys. null: on its own. */
  change: (next: (now: T) => T, name: string | null) => void;
  undo: () => void;
  /** From here on; nothing to take back. */
  start: (begin: T) => void;
}

interface Past<T> {
  now: T;
  before: readonly T[];
  name: string | null;
}

const mostSteps = 100;

/** A value with a way back for every step. */
export function useHistory<T>(begin: T): History<T> {
  const [past, setPast] = useState<Past<T>>({ now: begin, before: [], name: null });
  return {
    now: past.now,
    canUndo: past.before.length > 0,
    change: (next, name) =>
      setPast(({ now, before, name: last }) => {
        const changed = next(now);
        if (changed === now) return { now, before, name: last };
        return { now: changed, before: name !== null && name === last ? before : [...before, now].slice(-mostSteps), name };
      }),
    undo: () => setPast(({ now, before }) => ({ now: before.at(-1) ?? now, before: before.slice(0, -1), name: null })),
    start: (first) => setPast({ now: first, before: [], name: null }),
  };
}
