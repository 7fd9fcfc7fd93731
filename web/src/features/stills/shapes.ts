/** What is drawn on a still. Places are in the picture's own pixels, y down. */

export type Point = readonly [number, number];

export type Tool = "pen" | "line" | "arrow" | "circle" | "angle" | "text";
export const toolNames: readonly Tool[] = ["pen", "line", "arrow", "circle", "angle", "text"];

/** How many places make one up; a pen takes as many as come. */
export const placesOf: Readonly<Record<Exclude<Tool, "pen">, number>> = { line: 2, arrow: 2, circle: 2, angle: 3, text: 1 };

export interface Shape {
  tool: Tool;
  /** pen: its way. line, arrow: from, to. circle: middle, a place on it. angle: an end, the corner, the other end. text: its left middle. */
  points: readonly Point[];
  color: string;
  /** Of a text. */
  text?: string;
}

/** What is there, what was before, and what was taken back. */
export interface History {
  now: readonly Shape[];
  before: readonly (readonly Shape[])[];
  after: readonly (readonly Shape[])[];
}

export const empty: History = { now: [], before: [], after: [] };

export function changed({ now, before }: History, next: readonly Shape[]): History {
  return { now: next, before: [...before, now], after: [] };
}

export function undone(history: History): History {
  const last = history.before.at(-1);
  return last === undefined ? history : { now: last, before: history.before.slice(0, -1), after: [history.now, ...history.after] };
}

export function redone(history: History): History {
  const [next, ...after] = history.after;
  return next === undefined ? history : { now: next, before: [...history.before, history.now], after };
}

export function isComplete({ tool, points, text = "" }: Shape): boolean {
  if (tool === "pen") return points.length > 1;
  return points.length === placesOf[tool] && (tool !== "text" || text.trim() !== "");
}

/** Between the two arms of an angle, 0-180. It is of the picture: what goes towards or away from the camera looks shorter. */
export function angleDeg([a, corner, b]: readonly [Point, Point, Point]): number {
  const [first, second] = [a, b].map(([x, y]) => Math.atan2(y - corner[1], x - corner[0])) as [number, number];
  const turn = Math.abs(first - second) % (2 * Math.PI);
  return (Math.min(turn, 2 * Math.PI - turn) * 180) / Math.PI;
}

/** The two ends of an arrow's head, `length` from its tip. */
export function headOf([from, to]: readonly [Point, Point], length: number): [Point, Point] {
  const direction = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const spread = 0.5; // radians
  const end = (turn: number): Point => [to[0] - length * Math.cos(direction + turn), to[1] - length * Math.sin(direction + turn)];
  return [end(spread), end(-spread)];
}

/** A pen's way without places that add nothing: nearer than `least` to the one before. */
export function withPlace(points: readonly Point[], next: Point, least: number): readonly Point[] {
  const last = points.at(-1);
  return last !== undefined && Math.hypot(next[0] - last[0], next[1] - last[1]) < least ? points : [...points, next];
}
