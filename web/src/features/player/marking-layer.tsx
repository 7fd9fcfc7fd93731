import "./marking.css";

import { useEffect, useRef, useState } from "preact/hooks";

import type { Marking } from "./marking.ts";
import { ordered, wanted, type Marks } from "./marks.ts";
import type { Point } from "./wall.ts";

const nudgePx = 1;
const farNudgePx = 10;
/** On the screen: a press this near takes the point that is there. */
const reachPx = 28;

interface Size {
  width: number;
  height: number;
}

interface Props {
  /** The displayed frame. */
  picture: Size;
  marking: Marking;
  /** The moment on screen. */
  atS: number;
  /** The marks are of this picture, and it has a place on the wall. */
  canMark: boolean;
}

/** Over the picture: a press sets a point, which goes with the finger until it is lifted; a magnifier shows what is below it. */
export function MarkingLayer({ picture, marking, atS, canMark }: Props) {
  const layer = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<number | null>(null);
  const { places, shape } = marking.marks;
  const handlers = useDragging(picture, marking, atS, canMark, setActive);
  const nudge = (event: KeyboardEvent, index: number) => {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const place = places[index];
    if (direction === undefined || place === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the player's own keys
    const [x = 0, y = 0] = direction.map((sign) => sign * (event.shiftKey ? farNudgePx : nudgePx));
    marking.put(places.with(index, inside([place[0] + x, place[1] + y], picture)), atS, `nudge ${index}`);
    setActive(index);
  };
  const shown = active === null ? undefined : places[active];
  return (
    <div class="marking" ref={layer} role="group" aria-label="Points in this picture" {...handlers} data-testid="marking">
      {canMark && <MarksShape picture={picture} marks={marking.marks} />}
      {canMark &&
        places.map((place, index) => (
          <button
            key={index}
            type="button"
            class={`marking-point ${index === active ? "marking-active" : ""}`}
            style={{ left: share(place[0], picture.width), top: share(place[1], picture.height) }}
            aria-label={`Point ${index + 1} of ${wanted[shape]}. Arrow keys move it by a pixel, with Shift by ten.`}
            onKeyDown={(event) => nudge(event, index)}
            onBlur={() => setActive(null)}
            data-testid={`point-${index + 1}`}
          />
        ))}
      {canMark && shown !== undefined && <Magnifier layer={layer.current} picture={picture} place={shown} />}
    </div>
  );
}

/** A press near a point takes it, elsewhere it sets the next one; both go with the pointer. */
function useDragging(picture: Size, marking: Marking, atS: number, canMark: boolean, onActive: (index: number | null) => void) {
  const held = useRef<{ index: number; offset: Point; name: string } | null>(null);
  const drags = useRef(0);
  const { places, shape } = marking.marks;

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || !event.isPrimary || !canMark) return;
    const frame = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = pointIn(event, frame, picture);
    const near = nearestOf(places, at, (reachPx * picture.width) / frame.width);
    if (near === null && places.length >= wanted[shape]) return;
    drags.current += 1;
    const name = `drag ${drags.current}`;
    const place = near === null ? undefined : places[near];
    const index = near ?? places.length;
    held.current = { index, offset: place === undefined ? [0, 0] : [place[0] - at[0], place[1] - at[1]], name };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    if (place === undefined) marking.put([...places, inside(at, picture)], atS, name);
    onActive(index);
  };
  const onPointerMove = (event: PointerEvent) => {
    const { current } = held;
    if (current === null || places[current.index] === undefined) return;
    const [x, y] = pointIn(event, (event.currentTarget as HTMLElement).getBoundingClientRect(), picture);
    marking.put(places.with(current.index, inside([x + current.offset[0], y + current.offset[1]], picture)), atS, current.name);
  };
  const onPointerUp = (event: PointerEvent) => {
    event.stopPropagation(); // the stage below would play
    if (held.current === null) return;
    const { index } = held.current;
    held.current = null;
    onActive(null);
    // who goes on by keys begins at the point that was set last
    (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(".marking-point")[index]?.focus({ preventScroll: true });
  };
  const onPointerCancel = () => {
    held.current = null;
    onActive(null);
  };
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel };
}

/** The line or the rectangle, without anything to take hold of. */
export function MarksShape({ picture, marks }: { picture: Size; marks: Marks }) {
  const points = ordered(marks)
    .map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(" ");
  const Line = marks.places.length > 2 ? "polygon" : "polyline";
  return (
    <svg class="marking-shape" viewBox={`0 0 ${picture.width} ${picture.height}`} preserveAspectRatio="none" aria-hidden="true" data-testid="marked">
      <Line class="marking-shade" points={points} />
      <Line class="marking-line" points={points} />
    </svg>
  );
}

/** What is below the finger, three times as large, in the upper corner that is farther away. */
function Magnifier({ layer, picture, place }: { layer: HTMLElement | null; picture: Size; place: Point }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [x, y] = place;
  useEffect(() => {
    const video = layer?.closest(".stage")?.querySelector("video");
    const context = canvas.current?.getContext("2d");
    if (layer == null || video == null || context == null || canvas.current === null) return;
    const side = canvas.current.clientWidth;
    const dots = Math.round(side * window.devicePixelRatio);
    canvas.current.width = dots;
    canvas.current.height = dots;
    const seenPx = ((side / 3) * picture.width) / layer.clientWidth;
    const stored = video.videoWidth / picture.width;
    context.drawImage(video, (x - seenPx / 2) * stored, (y - seenPx / 2) * stored, seenPx * stored, seenPx * stored, 0, 0, dots, dots);
  }, [layer, picture.width, x, y]);
  return (
    <div class={`marking-magnifier ${x < picture.width / 2 ? "marking-right" : ""}`} aria-hidden="true" data-testid="magnifier">
      <canvas ref={canvas} />
    </div>
  );
}

function pointIn(event: PointerEvent, frame: DOMRect, picture: Size): Point {
  return [((event.clientX - frame.left) / frame.width) * picture.width, ((event.clientY - frame.top) / frame.height) * picture.height];
}

function nearestOf(places: readonly Point[], at: Point, reach: number): number | null {
  const distances = places.map(([x, y]) => Math.hypot(x - at[0], y - at[1]));
  const least = Math.min(...distances);
  return least <= reach ? distances.indexOf(least) : null;
}

function inside([x, y]: Point, picture: Size): Point {
  return [Math.max(0, Math.min(picture.width, x)), Math.max(0, Math.min(picture.height, y))];
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(3)}%`;
}
