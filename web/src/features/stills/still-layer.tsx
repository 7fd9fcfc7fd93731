import "./still.css";

import { useRef, useState } from "preact/hooks";

import { useStore } from "../../lib/use-store.ts";
import { ShapeDrawing, strokeOf } from "./shape-drawing.tsx";
import { placesOf, withPlace, type Point } from "./shapes.ts";
import { putDraft, type Sketch } from "./sketch.ts";
import type { Still } from "./still.ts";
import { words } from "./words.ts";

/** A pointer that moved less, on the screen, was a tap. */
const dragPx = 10;
const nudgeShare = 0.01;
const farNudgeShare = 0.05;

interface Props {
  still: Still;
  sketch: Sketch;
}

/** Over the picture: fingers draw, and so do taps, one for each place; arrow keys move a cross, Enter taps there. */
export function StillLayer({ still, sketch }: Props) {
  const { width, height } = still;
  const history = useStore(sketch.history);
  const draft = useStore(sketch.draft);
  const pointer = usePointer(still, sketch);
  const cross = useCross(still, sketch);
  const box = `0 0 ${width} ${height}`;
  return (
    <button type="button" class="still" aria-label={words().layer} {...pointer} {...cross.handlers} data-testid="still" data-shapes={history.now.length}>
      <svg ref={sketch.drawn} viewBox={box} preserveAspectRatio="none" aria-hidden="true">
        <ShapeDrawing shapes={history.now} width={width} height={height} />
      </svg>
      {draft !== null && (
        <svg viewBox={box} preserveAspectRatio="none" aria-hidden="true" data-testid="still-draft">
          <ShapeDrawing shapes={[draft]} width={width} height={height} />
        </svg>
      )}
      {cross.at !== null && <span class="still-cross" style={{ left: `${(100 * cross.at[0]) / width}%`, top: `${(100 * cross.at[1]) / height}%` }} data-testid="still-cross" />}
    </button>
  );
}

/** A drag draws from its beginning to its end; a tap is one place of what is begun. */
function usePointer({ width, height }: Still, sketch: Sketch) {
  const held = useRef<{ at: Point; client: Point; base: readonly Point[]; isDrag: boolean } | null>(null);
  const least = strokeOf({ width, height }) / 2;
  const pointOf = (event: PointerEvent): Point => {
    const frame = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return [((event.clientX - frame.left) / frame.width) * width, ((event.clientY - frame.top) / frame.height) * height];
  };
  /** The places of what is begun with the finger where it is. */
  const placesNow = (at: Point): readonly Point[] => {
    const { current } = held;
    if (current === null) return [];
    const tool = sketch.tool.get();
    if (tool === "pen") return withPlace(sketch.draft.get()?.points ?? [], at, least);
    return current.base.length === 0 && current.isDrag && placesOf[tool] === 2 ? [current.at, at] : [...current.base, at];
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      const tool = sketch.tool.get();
      const base = tool === "pen" || tool === "text" ? [] : (sketch.draft.get()?.points ?? []);
      held.current = { at: pointOf(event), client: [event.clientX, event.clientY], base, isDrag: false };
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      putDraft(sketch, [...base, pointOf(event)], true);
    },
    onPointerMove: (event: PointerEvent) => {
      const { current } = held;
      if (current === null) return;
      current.isDrag ||= Math.hypot(event.clientX - current.client[0], event.clientY - current.client[1]) >= dragPx;
      putDraft(sketch, placesNow(pointOf(event)), true);
    },
    onPointerUp: (event: PointerEvent) => {
      event.stopPropagation(); // the stage below would play
      if (held.current === null) return;
      putDraft(sketch, placesNow(pointOf(event)), false);
      held.current = null;
      if (sketch.tool.get() === "pen" && sketch.draft.get() !== null) sketch.draft.set(null); // a dot
    },
    onPointerCancel: () => {
      held.current = null;
      sketch.draft.set(null);
    },
  };
}

/** For whoever draws by keys. */
function useCross({ width, height }: Still, sketch: Sketch) {
  const [at, setAt] = useState<Point | null>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // the player's own keys
    const step = height * (event.shiftKey ? farNudgeShare : nudgeShare);
    const [x, y] = at ?? [width / 2, height / 2];
    const inside = (place: number, size: number) => Math.max(0, Math.min(size, place));
    setAt([inside(x + (direction[0] ?? 0) * step, width), inside(y + (direction[1] ?? 0) * step, height)]);
  };
  const onClick = (event: MouseEvent) => {
    if (event.detail !== 0) return; // a finger: it was heard already
    const place = at ?? [width / 2, height / 2];
    setAt(place);
    const tool = sketch.tool.get();
    putDraft(sketch, tool === "text" ? [place] : [...(sketch.draft.get()?.points ?? []), place], tool === "pen" && sketch.draft.get() === null);
  };
  return { at, handlers: { onKeyDown, onClick, onBlur: () => setAt(null) } };
}
