import "./marking.css";

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Point } from "./wall.ts";

const nudgePx = 1;
const farNudgePx = 10;
/** On the screen: a press this near takes the point that is there. */
const reachPx = 28;

export interface Size {
  width: number;
  height: number;
}

export interface Spot {
  place: Point;
  label: string;
  testId: string;
  /** How it looks: "mark", "joint", "hold". */
  kind: string;
  words?: string;
  isChosen?: boolean;
}

export interface PointActions {
  /** Changes with one name belong together: a drag, a row of keys. */
  onMove: (index: number, place: Point, change: string) => void;
  /** A press where no point is: the index of the point that goes with the pointer from now on; null: none. */
  onElsewhere: (place: Point, change: string) => number | null;
  /** A point was pressed, by a finger or by Enter. */
  onPress?: (index: number) => void;
}

interface Props extends PointActions {
  picture: Size;
  /** What there is to take hold of; empty while nothing can be set. */
  spots: readonly Spot[];
  label: string;
  testId: string;
  isOff?: boolean;
  /** Below the points. */
  children?: ComponentChildren;
}

/** Over the picture: points that go with the finger until it is lifted, or with the arrow keys; a magnifier shows what is below. */
export function PointsLayer({ picture, spots, label, testId, isOff = false, children, ...actions }: Props) {
  const layer = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<number | null>(null);
  const handlers = useDragging(picture, spots, isOff, actions, setActive);
  const nudge = (event: KeyboardEvent, index: number) => {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const place = spots[index]?.place;
    if (direction === undefined || place === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the player's own keys
    const [x = 0, y = 0] = direction.map((sign) => sign * (event.shiftKey ? farNudgePx : nudgePx));
    actions.onMove(index, inside([place[0] + x, place[1] + y], picture), `nudge ${index}`);
    setActive(index);
  };
  const shown = active === null ? undefined : spots[active]?.place;
  return (
    <div class="marking" ref={layer} role="group" aria-label={label} {...handlers} data-testid={testId}>
      {children}
      {spots.map(({ place, label: name, testId: id, kind, words, isChosen = false }, index) => (
        <button
          key={id}
          type="button"
          class={`marking-point marking-${kind} ${index === active ? "marking-active" : ""}`}
          style={{ left: share(place[0], picture.width), top: share(place[1], picture.height) }}
          aria-label={name}
          data-chosen={isChosen}
          onKeyDown={(event) => nudge(event, index)}
          onClick={(event) => event.detail === 0 && actions.onPress?.(index)}
          onBlur={() => setActive(null)}
          data-testid={id}
        >
          {words}
        </button>
      ))}
      {shown !== undefined && <Magnifier layer={layer.current} picture={picture} place={shown} />}
    </div>
  );
}

/** A press near a point takes it, elsewhere the owner decides; what was taken goes with the pointer. */
function useDragging(picture: Size, spots: readonly Spot[], isOff: boolean, actions: PointActions, onActive: (index: number | null) => void) {
  const held = useRef<{ index: number; offset: Point; name: string } | null>(null);
  const drags = useRef(0);

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || !event.isPrimary || isOff) return;
    const frame = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = pointIn(event, frame, picture);
    const near = nearestOf(spots.map(({ place }) => place), at, (reachPx * picture.width) / frame.width);
    drags.current += 1;
    const name = `drag ${drags.current}`;
    const place = near === null ? undefined : spots[near]?.place;
    const index = near ?? actions.onElsewhere(inside(at, picture), name);
    if (index === null) return;
    held.current = { index, offset: place === undefined ? [0, 0] : [place[0] - at[0], place[1] - at[1]], name };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    if (near !== null) actions.onPress?.(near);
    onActive(index);
  };
  const onPointerMove = (event: PointerEvent) => {
    const { current } = held;
    if (current === null || spots[current.index] === undefined) return;
    const [x, y] = pointIn(event, (event.currentTarget as HTMLElement).getBoundingClientRect(), picture);
    actions.onMove(current.index, inside([x + current.offset[0], y + current.offset[1]], picture), current.name);
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

/** What is below the finger, three times as large, in the upper corner that is farther away. */
function Magnifier({ layer, picture, place }: { layer: HTMLElement | null; picture: Size; place: Point }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [x, y] = place;
  useEffect(() => {
    const seen = pictureBelow(layer);
    const context = canvas.current?.getContext("2d");
    if (layer == null || seen === null || context == null || canvas.current === null) return;
    const side = canvas.current.clientWidth;
    const dots = Math.round(side * window.devicePixelRatio);
    canvas.current.width = dots;
    canvas.current.height = dots;
    const seenPx = ((side / 3) * picture.width) / layer.clientWidth;
    const stored = seen.width / picture.width;
    context.drawImage(seen.source, (x - seenPx / 2) * stored, (y - seenPx / 2) * stored, seenPx * stored, seenPx * stored, 0, 0, dots, dots);
  }, [layer, picture.width, x, y]);
  return (
    <div class={`marking-magnifier ${x < picture.width / 2 ? "marking-right" : ""}`} aria-hidden="true" data-testid="magnifier">
      <canvas ref={canvas} />
    </div>
  );
}

/** The wall where it is shown, else the video, with its own width; `layer`: the stage, or something on it. */
export function pictureBelow(layer: HTMLElement | null): { source: CanvasImageSource; width: number } | null {
  const stage = layer?.closest(".stage");
  const wall = stage?.querySelector<HTMLImageElement>("img.wall-picture");
  if (wall != null) return wall.complete ? { source: wall, width: wall.naturalWidth } : null;
  const video = stage?.querySelector("video");
  return video == null ? null : { source: video, width: video.videoWidth };
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
