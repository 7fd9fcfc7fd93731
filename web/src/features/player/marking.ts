/** The marks that are being set: with a way back for every step. */

import { useHistory } from "../../lib/use-history.ts";
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

const nothing: Marks = { shape: "distance", atS: 0, places: [] };

export function useMarking(): Marking {
  const { now: marks, canUndo, change, undo, start } = useHistory(nothing);
  return {
    marks,
    canUndo,
    put: (places, atS, name) => change(({ shape }) => ({ shape, atS, places }), name),
    setShape: (shape) => change((now) => (now.shape === shape ? now : { ...now, shape, places: [] }), null),
    undo,
    clear: () => change((now) => ({ ...now, places: [] }), null),
    start: (known) => start(known ?? nothing),
  };
}
