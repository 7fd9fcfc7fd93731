import { haloColor, penOf } from "./draw.ts";
import type { Result } from "./result.ts";
import { hullOf, supportAt, type Bearing, type Support } from "./support.ts";
import { placeMap, type View } from "./view.ts";
import { applied, type Point } from "./wall.ts";

const paper = "#f6f1ea";
const shade = "rgb(246 241 234 / 16%)";
const doubt = "rgb(246 241 234 / 55%)";

interface Sketch {
  context: CanvasRenderingContext2D;
  /** From the climb's unit to canvas pixels. */
  place: (at: Point) => Point;
  width: number;
}

/** The area between all that carries the body, and a plumb line from the center of mass; broken where something of it is a guess. */
export function drawSupport(canvas: HTMLCanvasElement, result: Result, frame: number, view: View): void {
  const pen = penOf(canvas, result, frame, view);
  const support = supportAt(result, frame);
  const onPicture = placeMap(result, view, frame);
  if (pen === null || support === null || onPicture === null) return;
  const place = (at: Point): Point => {
    const [x, y] = applied(onPicture, ...at);
    return [x * pen.scale, y * pen.scale];
  };
  const sketch = { context: pen.context, place, width: pen.width };
  drawArea(sketch, hullOf(support.bearings));
  drawPlumb(sketch, support);
}

function drawArea({ context, place, width }: Sketch, corners: readonly Bearing[]): void {
  const points = corners.map(({ at }) => place(at));
  if (points.length < 2) return;
  if (points.length > 2) {
    context.beginPath();
    points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.closePath();
    context.fillStyle = shade;
    context.fill();
  }
  const edges = points.length === 2 ? 1 : points.length;
  for (let edge = 0; edge < edges; edge += 1) {
    const next = (edge + 1) % points.length;
    const isSure = corners[edge]?.isSure === true && corners[next]?.isSure === true;
    line({ context, width }, points[edge] ?? [0, 0], points[next] ?? [0, 0], isSure);
  }
}

/** Straight down on the wall, to the level of what carries lowest. A filled foot: over the feet; an open one: beside them. */
function drawPlumb({ context, place, width }: Sketch, { bearings, center, isCenterSure, besideFeet }: Support): void {
  if (center === null) return;
  const lowest = Math.min(...bearings.map(({ at }) => at[1]));
  const foot = place([center[0], Math.min(lowest, center[1])]);
  line({ context, width }, place(center), foot, isCenterSure);
  context.save();
  context.beginPath();
  context.arc(foot[0], foot[1], width * 1.7, 0, 2 * Math.PI);
  context.fillStyle = besideFeet === 0 ? paper : haloColor;
  context.fill();
  context.lineWidth = width * 0.7;
  context.strokeStyle = paper;
  context.stroke();
  context.restore();
}

function line({ context, width }: Pick<Sketch, "context" | "width">, from: Point, to: Point, isSure: boolean): void {
  context.save();
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.strokeStyle = haloColor;
  context.lineWidth = width * 1.1;
  if (isSure) context.stroke();
  else context.setLineDash([width * 1.2, width * 2]);
  context.strokeStyle = isSure ? paper : doubt;
  context.lineWidth = width * 0.55;
  context.stroke();
  context.restore();
}
