/** What is being drawn on one still; it lives as long as somebody may come back to it. */

import { createStore, type Store } from "../../lib/store.ts";
import { changed, empty, isComplete, type History, type Point, type Shape, type Tool } from "./shapes.ts";

export interface Sketch {
  history: Store<History>;
  tool: Store<Tool>;
  color: Store<string>;
  /** Begun, not complete. */
  draft: Store<Shape | null>;
  /** Where what is complete stands in the page. */
  drawn: { current: SVGSVGElement | null };
}

/** Chalk, rope, sky and moss: told apart by lightness, too. */
export const colors = { chalk: "#f6f1ea", rope: "#ff7a3d", sky: "#4fd1e8", moss: "#8fd14f" } as const;

export function createSketch(): Sketch {
  return {
    history: createStore(empty),
    tool: createStore<Tool>("pen"),
    color: createStore<string>(colors.rope),
    draft: createStore<Shape | null>(null),
    drawn: { current: null },
  };
}

export function chooseTool({ tool, draft }: Sketch, next: Tool): void {
  draft.set(null);
  tool.set(next);
}

/** What is begun becomes this; complete, it stays for good. `isHeld`: the finger is still on it. */
export function putDraft(sketch: Sketch, points: readonly Point[], isHeld: boolean): void {
  const shape: Shape = { tool: sketch.tool.get(), points, color: sketch.color.get() };
  if (isHeld || !isComplete(shape)) sketch.draft.set(shape);
  else keep(sketch, shape);
}

export function keep({ history, draft }: Sketch, shape: Shape): void {
  history.set(changed(history.get(), [...history.get().now, shape]));
  draft.set(null);
}
