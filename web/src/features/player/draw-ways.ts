import { centerColor, clear, colors, haloColor } from "./draw.ts";
import type { Result } from "./result.ts";
import type { View } from "./view.ts";
import { applied, type Point } from "./wall.ts";

/** Wrists and the tips of the feet: what holds on to the wall. */
const ends = [
  { landmark: 15, color: colors.left },
  { landmark: 16, color: colors.right },
  { landmark: 31, color: colors.left },
  { landmark: 32, color: colors.right },
];

/** A way across the wall; null where it is not known. */
type Way = (Point | null)[];

/** The ways of the whole climb: center of mass as a band, hands and feet as fine lines. Never a line across a gap. */
export function drawWays(canvas: HTMLCanvasElement, result: Result, view: View): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  clear(context);
  const scale = canvas.width / view.widthPx;
  const width = widthOf(canvas, result, view);
  for (const { landmark, color } of ends) strokeWay(context, wayOfLandmark(result, view, landmark), scale, color, width * 0.45);
  drawCenterWay(context, result, view, centerColor);
}

/** The way of the center of mass over what the canvas shows already. */
export function drawCenterWay(context: CanvasRenderingContext2D, result: Result, view: View, color: string): void {
  const scale = context.canvas.width / view.widthPx;
  const width = widthOf(context.canvas, result, view);
  const center = wayOfCenter(result, view);
  strokeWay(context, center, scale, haloColor, width * 2);
  strokeWay(context, center, scale, color, width);
}

function widthOf(canvas: HTMLCanvasElement, result: Result, view: View): number {
  return Math.max(canvas.width / 300, (result.facts.torso_px * view.enlargement * canvas.width * 0.03) / view.widthPx);
}

function wayOfCenter(result: Result, view: View): Way {
  return way(result, view, (frame) => [result.centerOfMassPx[frame * 2] ?? 0, result.centerOfMassPx[frame * 2 + 1] ?? 0]);
}

/** Only where the point is seen: a guess draws no way. */
function wayOfLandmark(result: Result, view: View, landmark: number): Way {
  return way(result, view, (frame) => {
    const at = frame * 33 + landmark;
    if ((result.visibility[at] ?? 0) < result.facts.processing.visible_threshold) return null;
    return [result.landmarksPx[at * 2] ?? 0, result.landmarksPx[at * 2 + 1] ?? 0];
  });
}

function way(result: Result, view: View, placeOf: (frame: number) => Point | null): Way {
  return Array.from({ length: result.frameCount }, (_, frame) => {
    const map = result.person[frame] === 1 ? view.mapOf(frame) : null;
    const place = map === null ? null : placeOf(frame);
    return map === null || place === null ? null : applied(map, place[0], place[1]);
  });
}

function strokeWay(context: CanvasRenderingContext2D, points: Way, scale: number, color: string, width: number): void {
  context.beginPath();
  let isDrawing = false;
  for (const point of points) {
    if (point !== null && isDrawing) context.lineTo(point[0] * scale, point[1] * scale);
    else if (point !== null) context.moveTo(point[0] * scale, point[1] * scale);
    isDrawing = point !== null;
  }
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}
