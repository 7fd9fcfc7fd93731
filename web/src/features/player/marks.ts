/** Places on the wall with a known distance between them. In pixels of the displayed frame, y down. */

import type { Choices } from "../../lib/api.ts";
import { applied, matrixOfCorners, type Point } from "./wall.ts";
import type { Result } from "./result.ts";
import { words } from "./words.ts";

export type Shape = "distance" | "rectangle";

export interface Marks {
  shape: Shape;
  /** The moment of the picture that they were set in. */
  atS: number;
  places: readonly Point[];
}

/** What the user gave for them: the distance, or width and height, in meters. */
export type Sizes = readonly number[];

export const wanted: Record<Shape, number> = { distance: 2, rectangle: 4 };

/** The analysis takes no closer ones: a pixel would weigh too much. */
const closestPx = 20;

export function isComplete({ shape, places }: Marks): boolean {
  return places.length === wanted[shape];
}

/** Why complete marks cannot be used, as advice; null: they can. */
export function obstacleOf(marks: Marks): string | null {
  if (!isComplete(marks)) return null;
  const places = ordered(marks);
  const edges = edgesOf(places);
  if (edges.some(([x, y]) => Math.hypot(x, y) < closestPx)) return words().marking.tooClose;
  if (marks.shape === "distance") return null;
  const turns = edges.map(([x, y], index) => {
    const [nextX, nextY] = edges[(index + 1) % edges.length] ?? [0, 0];
    return x * nextY - y * nextX;
  });
  return turns.every((turn) => turn > 0) ? null : words().marking.noRectangle;
}

/** Corners clockwise from the top left, in whatever order they were set; the ends of a distance as they are. */
export function ordered({ shape, places }: Marks): Point[] {
  if (shape === "distance" || places.length < 3) return [...places];
  const [middleX, middleY] = [0, 1].map((axis) => places.reduce((sum, place) => sum + (place[axis] ?? 0), 0) / places.length) as Point;
  const around = places.toSorted((a, b) => Math.atan2(a[1] - middleY, a[0] - middleX) - Math.atan2(b[1] - middleY, b[0] - middleX));
  const first = around.reduce((best, place, index) => (sum(place) < sum(around[best] ?? place) ? index : best), 0);
  return [...around.slice(first), ...around.slice(0, first)];
}

/** What was marked for the result on screen; null: nothing. */
export function marksOf(choices: Choices): Marks | null {
  const { known_distance: distance, known_rectangle: rectangle } = choices;
  if (rectangle != null) return { shape: "rectangle", atS: rectangle.at_s, places: rectangle.corners_px.map(pointOf) };
  if (distance != null) return { shape: "distance", atS: distance.at_s, places: [distance.from_px, distance.to_px].map(pointOf) };
  return null;
}

function pointOf([x = 0, y = 0]: readonly number[]): Point {
  return [x, y];
}

/** The sizes that were told with them; empty: none. */
export function sizesOf({ known_distance: distance, known_rectangle: rectangle }: Choices, shape: Shape): Sizes {
  if (shape === "rectangle") return rectangle == null ? [] : [rectangle.width_m, rectangle.height_m];
  return distance == null ? [] : [distance.distance_m];
}

/** One known length at a time: what is marked takes the place of what was. null: nothing is known any more. */
export function choicesWithMarks(before: Choices, marks: Marks | null, sizes: Sizes): Choices {
  const without = { ...before, known_distance: null, known_rectangle: null };
  if (marks === null) return without;
  const tenths = ordered(marks).map(([x, y]): Point => [Math.round(x * 10) / 10, Math.round(y * 10) / 10]);
  const [a = [0, 0], b = [0, 0], c = [0, 0], d = [0, 0]] = tenths;
  const [first = 0, second = 0] = sizes;
  if (marks.shape === "distance") return { ...without, known_distance: { at_s: marks.atS, from_px: a, to_px: b, distance_m: first } };
  return { ...without, known_rectangle: { at_s: marks.atS, corners_px: [a, b, c, d], width_m: first, height_m: second } };
}

/**
 * How long the marks are by the scale of the result on screen, in its unit: the distance, or width and height as
 * means of opposite edges. null where the frame has no place on the wall.
 */
export function lengthsNow({ facts, wall }: Result, frame: number, marks: Marks): number[] | null {
  if (facts.wall == null || wall?.onWall[frame] !== 1 || !isComplete(marks)) return null;
  const { width_px, height_px } = facts.video;
  const toWall = matrixOfCorners([...wall.cornersPx.subarray(frame * 8, frame * 8 + 8)], width_px, height_px);
  const { wall_to_unit: toUnit } = facts.wall.scale;
  const placed = ordered(marks).map(([x, y]) => applied(toUnit, ...applied(toWall, x, y)));
  const lengths = edgesOf(placed).map(([x, y]) => Math.hypot(x, y));
  const [top = 0, right = 0, bottom = 0, left = 0] = lengths;
  const found = marks.shape === "distance" ? [top] : [(top + bottom) / 2, (right + left) / 2];
  return found.every(Number.isFinite) ? found : null;
}

/** From each place to the next one, and from the last to the first. */
function edgesOf(places: readonly Point[]): Point[] {
  return places.map(([x, y], index) => {
    const [nextX, nextY] = places[(index + 1) % places.length] ?? [x, y];
    return [nextX - x, nextY - y];
  });
}

function sum([x, y]: Point): number {
  return x + y;
}
