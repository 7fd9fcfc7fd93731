/** The marks that are being set: with a way back for every step. */

import { useState } from "preact/hooks";

import { type Marks, type Shape } from "./marks.ts";
import type { Point } from "./wall.ts";

export interface Marking {
  marks: Marks;
  canUndo: boolean;
  /** New places, all of one moment. Changes in a row with the same name are taken back together: a drag, a row of keys. */
  put: (places: readonly Point[], atS: number, change: string) => void;
  setShape: (shape: Shape) => void;
  undo: () => void;
  clear: () => void;
  /** What is there when the questions begin; nothing to take back. */
  start: (marks: Marks | null) => void;
}

interface Past {
  now: Marks;
  before: readonly Marks[];
  change: string | null;
}

const nothing: Marks = { shape: "distance", atS: 0, places: [] };
const mostSteps = 100;

export function useMarking(): Marking {
  const [past, setPast] = useState<Past>({ now: nothing, before: [], change: null });
  const change = (marksOf: (now: Marks) => Marks, name: string | null) =>
    setPast(({ now, before, change: last }) => ({
      now: marksOf(now),
      before: name !== null && name === last ? before : [...before, now].slice(-mostSteps),
      change: name,
    }));
  return {
    marks: past.now,
    canUndo: past.before.length > 0,
    put: (places, atS, name) => change(({ shape }) => ({ shape, atS, places }), name),
    setShape: (shape) => change((now) => (now.shape === shape ? now : { ...now, shape, places: [] }), null),
    undo: () => setPast((now) => ({ now: now.before.at(-1) ?? now.now, before: now.before.slice(0, -1), change: null })),
    clear: () => change((now) => ({ ...now, places: [] }), null),
    start: (marks) => setPast({ now: marks ?? nothing, before: [], change: null }),
  };
}
