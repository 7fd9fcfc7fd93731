import { placeLabel, type Box } from "./labels.ts";
import type { Result } from "./result.ts";
import { mostlySeenPct } from "./support.ts";
import { applied, type Matrix, type Point } from "./wall.ts";
import type { View } from "./view.ts";
import { angleTriples, joints, limbs, sideOf, type Limb, type Side } from "./skeleton.ts";

export interface Layers {
  skeleton: boolean;
  /** The model's guesses for what is not seen; without them such limbs are left out. */
  hidden: boolean;
  path: boolean;
  /** What carries the body, and where its center of mass lies over it. */
  support: boolean;
  angles: boolean;
  /** Rings at the ends that hold on. */
  contacts: boolean;
  /** What these ends carry, where it is known. */
  loads: boolean;
}

export const usualLayers: Layers = { skeleton: true, hidden: true, path: true, support: false, angles: false, contacts: true, loads: true };

// The stage is dark in both themes: one set of colors, told apart by lightness too.
export const colors: Record<Side, string> = { left: "#ffae42", right: "#4fd1e8", middle: "#f6f1ea" };
export const centerColor = "#ff7a3d";

/** What a body is drawn in: one of two bodies in one picture is told apart by it. */
export interface Palette {
  sides: Record<Side, string>;
  center: string;
  /** Of the lines; 1 where there is one body. */
  weight: number;
}
export const ownPalette: Palette = { sides: colors, center: centerColor, weight: 1 };
export const haloColor = "rgb(15 12 10 / 60%)";
const trailS = 1.5;

export interface Pen {
  context: CanvasRenderingContext2D;
  result: Result;
  frame: number;
  view: View;
  /** Canvas pixels per pixel of the picture below. */
  scale: number;
  /** From this frame's pixels to the picture's. */
  map: Matrix;
  /** Line width in canvas pixels. */
  width: number;
  palette: Palette;
}

/** Draws one frame over what the canvas shows already; it covers the whole picture of the view. */
export function drawBody(canvas: HTMLCanvasElement, result: Result, frame: number, layers: Layers, view: View, palette: Palette): void {
  const pen = penOf(canvas, result, frame, view, palette);
  if (pen === null) return;
  const isSeen = result.person[frame] === 1;
  if (layers.path) drawTrail(pen);
  if (layers.skeleton && isSeen) drawSkeleton(pen, layers.hidden);
  if (layers.path && isSeen) drawCenter(pen);
  if (layers.angles && isSeen) drawAngles(pen);
}

/** null where the frame has no place in the view. */
export function penOf(canvas: HTMLCanvasElement, result: Result, frame: number, view: View, palette = ownPalette): Pen | null {
  const context = canvas.getContext("2d");
  const map = view.mapOf(frame);
  if (context === null || map === null) return null;
  const scale = canvas.width / view.widthPx;
  const width = palette.weight * Math.max(canvas.width / 220, result.facts.torso_px * view.enlargement * scale * 0.045);
  return { context, result, frame, view, scale, map, width, palette };
}

export function clear(context: CanvasRenderingContext2D): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.lineCap = "round";
  context.lineJoin = "round";
}

function onCanvas(map: Matrix, x: number, y: number, scale: number): Point {
  const [right, down] = applied(map, x, y);
  return [right * scale, down * scale];
}

export function landmark({ result, frame, map, scale }: Pen, index: number): Point {
  const at = (frame * 33 + index) * 2;
  return onCanvas(map, result.landmarksPx[at] ?? 0, result.landmarksPx[at + 1] ?? 0, scale);
}

function isVisible({ result, frame }: Pen, index: number): boolean {
  return (result.visibility[frame * 33 + index] ?? 0) >= result.facts.processing.visible_threshold;
}

function isFilled({ result, frame }: Pen, index: number): boolean {
  return result.interpolated[frame * 33 + index] === 1;
}

function center({ result, view, scale }: Pen, frame: number): Point {
  const map = view.mapOf(frame);
  return map === null ? [Number.NaN, Number.NaN] : onCanvas(map, result.centerOfMassPx[frame * 2] ?? 0, result.centerOfMassPx[frame * 2 + 1] ?? 0, scale);
}

function stroke({ context }: Pen, points: Point[], color: string, width: number): void {
  context.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}

function disc({ context }: Pen, [x, y]: Point, radius: number, fill: string): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
}

function drawSkeleton(pen: Pen, hasGuesses: boolean): void {
  const { context, width } = pen;
  const { sides } = pen.palette;
  const seen = limbs.filter((limb) => isVisible(pen, limb.from) && isVisible(pen, limb.to));
  const guessed = hasGuesses ? limbs.filter((limb) => !seen.includes(limb)) : [];

  // Not seen: the model's guess, faint and broken so that nobody takes it for a measurement.
  context.save();
  context.globalAlpha = 0.5;
  context.setLineDash([width * 0.6, width * 1.9]);
  for (const limb of guessed) stroke(pen, [landmark(pen, limb.from), landmark(pen, limb.to)], sides[limb.side], width * 0.7);
  context.restore();

  // Filled in between frames that saw it: thin.
  const widthOf = (limb: Limb) => (isFilled(pen, limb.from) || isFilled(pen, limb.to) ? 0.45 : 1) * width;
  for (const limb of seen) stroke(pen, [landmark(pen, limb.from), landmark(pen, limb.to)], haloColor, widthOf(limb) * 1.9);
  for (const limb of seen) stroke(pen, [landmark(pen, limb.from), landmark(pen, limb.to)], sides[limb.side], widthOf(limb));
  for (const joint of joints.filter((index) => isVisible(pen, index) && !isFilled(pen, index))) {
    disc(pen, landmark(pen, joint), width * 1.25, sides[sideOf(joint)]);
    disc(pen, landmark(pen, joint), width * 0.6, "#1d1a17");
  }
}

/** The way of the center of mass up to now: the last moments, fading into the past. */
function drawTrail(pen: Pen): void {
  const { context, result, frame, width } = pen;
  const now = result.timesS[frame] ?? 0;
  context.save();
  for (let index = frame; index > 0; index -= 1) {
    const ageS = now - (result.timesS[index] ?? 0);
    if (ageS > trailS) break;
    if (result.person[index] !== 1 || result.person[index - 1] !== 1) continue; // no line across a gap
    context.globalAlpha = 1 - ageS / trailS;
    stroke(pen, [center(pen, index - 1), center(pen, index)], pen.palette.center, width * 0.9);
  }
  context.restore();
}

function drawCenter(pen: Pen): void {
  const at = center(pen, pen.frame);
  if ((pen.result.centerSeenPct?.[pen.frame] ?? 100) < mostlySeenPct) {
    disc(pen, at, pen.width * 1.7, "rgb(246 241 234 / 45%)"); // more than half of it rests on guesses
    return;
  }
  disc(pen, at, pen.width * 2.1, haloColor);
  disc(pen, at, pen.width * 1.7, "#f6f1ea");
  disc(pen, at, pen.width * 1.2, pen.palette.center);
}

function drawAngles(pen: Pen): void {
  const { context, result, frame, width } = pen;
  const fontPx = Math.max(width * 2.5, context.canvas.width / 30);
  context.save();
  context.font = `700 ${fontPx}px system-ui, sans-serif`;
  context.textBaseline = "middle";
  context.textAlign = "center";
  const taken: Box[] = [];
  result.facts.joint_angles.forEach((name, index) => {
    const triple = angleTriples[name];
    if (triple === undefined || result.anglesMeasured[frame * 8 + index] !== 1) return;
    drawAngle(pen, triple, result.anglesDeg[frame * 8 + index] ?? 0, fontPx, taken);
  });
  context.restore();
}

function drawAngle(pen: Pen, triple: readonly [number, number, number], angleDeg: number, fontPx: number, taken: Box[]): void {
  const { context, width } = pen;
  const [proximal, joint, distal] = triple.map((index) => landmark(pen, index)) as [Point, Point, Point];
  const directions = [proximal, distal].map(([x, y]) => Math.atan2(y - joint[1], x - joint[0])) as [number, number];
  // always the smaller of the two arcs: the angle that is measured
  const turn = Math.atan2(Math.sin(directions[1] - directions[0]), Math.cos(directions[1] - directions[0]));
  const color = pen.palette.sides[sideOf(triple[1])];
  context.beginPath();
  context.arc(joint[0], joint[1], width * 3.6, directions[0], directions[0] + turn, turn < 0);
  context.strokeStyle = color;
  context.lineWidth = width * 0.6;
  context.stroke();

  // the number stands on the open side, away from both limbs
  const text = `${Math.round(angleDeg)}°`;
  const size = { halfWidth: context.measureText(text).width / 2 + fontPx * 0.3, halfHeight: fontPx * 0.64 };
  const box = placeLabel(joint, directions[0] + turn / 2 + Math.PI, width * 2, size, taken, context.canvas);
  context.beginPath();
  context.roundRect(box.x - box.halfWidth, box.y - box.halfHeight, box.halfWidth * 2, box.halfHeight * 2, fontPx * 0.4);
  context.fillStyle = "rgb(15 12 10 / 78%)";
  context.fill();
  context.fillStyle = color;
  context.fillText(text, box.x, box.y + fontPx * 0.05);
  taken.push(box);
}
