/** How near a picture is looked at. All in shares of the room that the picture has: a place p of it lies at x + scale * p. */

import type { Matrix, Point } from "./wall.ts";

export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export const wholePicture: Zoom = { scale: 1, x: 0, y: 0 };

const nearest = 6;
/** What a double tap and the first press of a button show. */
export const nearStep = 2.5;
export const buttonStep = 1.6;

/** So many times nearer; what lies below `at` stays there. */
export function zoomedAt(zoom: Zoom, factor: number, at: Point): Zoom {
  const scale = Math.max(1, Math.min(nearest, zoom.scale * factor));
  const [x, y] = placeBelow(zoom, at);
  return fitted({ scale, x: at[0] - scale * x, y: at[1] - scale * y });
}

/** As two fingers went: the place below their middle goes with it. */
export function pinched(zoom: Zoom, from: readonly [Point, Point], to: readonly [Point, Point]): Zoom {
  const scale = Math.max(1, Math.min(nearest, (zoom.scale * apart(to)) / Math.max(apart(from), 1e-6)));
  const [x, y] = placeBelow(zoom, middle(from));
  const at = middle(to);
  return fitted({ scale, x: at[0] - scale * x, y: at[1] - scale * y });
}

export function pannedBy(zoom: Zoom, right: number, down: number): Zoom {
  return fitted({ ...zoom, x: zoom.x + right, y: zoom.y + down });
}

/** The place of the picture that lies there. */
export function placeBelow({ scale, x, y }: Zoom, at: Point): Point {
  return [(at[0] - x) / scale, (at[1] - y) / scale];
}

/** From a picture's own pixels to where they lie in its room, counted in the same pixels. */
export function zoomMatrix({ scale, x, y }: Zoom, widthPx: number, heightPx: number): Matrix {
  return [scale, 0, x * widthPx, 0, scale, y * heightPx, 0, 0, 1];
}

/** Nothing but picture is seen. */
function fitted({ scale, x, y }: Zoom): Zoom {
  const inside = (offset: number) => Math.max(1 - scale, Math.min(0, offset));
  return { scale, x: inside(x), y: inside(y) };
}

function apart([a, b]: readonly [Point, Point]): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

function middle([a, b]: readonly [Point, Point]): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}
