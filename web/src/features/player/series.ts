/** What a result says about every frame, as curves over time. NaN: not measured there. */

import type { Result } from "./result.ts";
import { centerAt } from "./support.ts";

export const jointNames = ["elbow", "shoulder", "hip", "knee"] as const;
export type JointName = (typeof jointNames)[number];
export type SeriesName = "speed" | "height" | JointName;
export const seriesNames: readonly SeriesName[] = ["speed", "height", ...jointNames];

export interface Curve {
  side: "left" | "right" | "middle";
  /** [n] */
  values: Float64Array;
}

export interface Series {
  name: SeriesName;
  curves: Curve[];
  /** What the upper and the lower edge of its chart stand for. */
  least: number;
  most: number;
}

/** Half of the time over which a speed is taken: shorter, and the rounding of places shows. */
const halfWindowS = 0.1;
/** Of times that are fractions. */
const roundingS = 1e-6;

/** How far the center of mass has come along the wall, once for all curves that need it: [n, 2] in the climb's unit. */
export function centersOf(result: Result): Float64Array {
  const centers = new Float64Array(result.frameCount * 2).fill(Number.NaN);
  for (let frame = 0; frame < result.frameCount; frame += 1) {
    const at = centerAt(result, frame);
    if (at !== null) centers.set(at, frame * 2);
  }
  return centers;
}

/** Above its own lowest place. */
export function heightsOf(centers: Float64Array): Float64Array {
  const heights = new Float64Array(centers.length / 2).map((_, frame) => centers[frame * 2 + 1] ?? Number.NaN);
  const lowest = heights.reduce((least, height) => (height < least ? height : least), Number.POSITIVE_INFINITY);
  return heights.map((height) => height - lowest);
}

/** Of the center of mass along the wall, per second: its way between two frames around this one. NaN where one between them is not known. */
export function speedsOf(timesS: Float64Array, centers: Float64Array): Float64Array {
  const known = (frame: number) => Number.isFinite(centers[frame * 2] ?? Number.NaN);
  return timesS.map((atS, frame) => {
    let [from, to] = [frame, frame];
    while (from > 0 && atS - (timesS[from - 1] ?? 0) <= halfWindowS + roundingS && known(from - 1)) from -= 1;
    while (to < timesS.length - 1 && (timesS[to + 1] ?? 0) - atS <= halfWindowS + roundingS && known(to + 1)) to += 1;
    const lastsS = (timesS[to] ?? 0) - (timesS[from] ?? 0);
    if (!known(frame) || lastsS < halfWindowS - roundingS) return Number.NaN; // too little around it
    const [right, up] = [0, 1].map((axis) => (centers[to * 2 + axis] ?? 0) - (centers[from * 2 + axis] ?? 0));
    return Math.hypot(right ?? 0, up ?? 0) / lastsS;
  });
}

export function anglesOf({ facts, frameCount, anglesMeasured, anglesDeg }: Result, side: "left" | "right", joint: JointName): Float64Array {
  const column = facts.joint_angles.indexOf(`${side}_${joint}`);
  return Float64Array.from({ length: frameCount }, (_, frame) => {
    const at = frame * 8 + column;
    return column >= 0 && anglesMeasured[at] === 1 ? (anglesDeg[at] ?? Number.NaN) : Number.NaN;
  });
}

export function seriesOf(result: Result, centers: Float64Array, name: SeriesName): Series {
  if (name === "speed" || name === "height") {
    const values = name === "speed" ? speedsOf(result.timesS, centers) : heightsOf(centers);
    const most = values.reduce((found, value) => (value > found ? value : found), 0);
    return { name, curves: [{ side: "middle", values }], least: 0, most: most > 0 ? most : 1 };
  }
  const curves = (["left", "right"] as const).map((side) => ({ side, values: anglesOf(result, side, name) }));
  return { name, curves, least: 0, most: 180 };
}

/**
 * A line through a curve for an SVG of `frames` by 1, upwards: broken where nothing is known. Long clips are thinned to
 * about `columns` places, each with its least and most, so that no peak is lost.
 */
export function lineOf(values: Float64Array, { least, most }: Pick<Series, "least" | "most">, columns = 500): string {
  const step = Math.max(1, Math.ceil(values.length / columns));
  const y = (value: number) => (1 - (value - least) / (most - least)).toFixed(4);
  let line = "";
  let isDrawing = false;
  for (let begin = 0; begin < values.length; begin += step) {
    const known = values.subarray(begin, begin + step).filter(Number.isFinite);
    if (known.length === 0) {
      isDrawing = false;
      continue;
    }
    const x = (begin + Math.min(step, values.length - begin) / 2).toFixed(1);
    const ends = step === 1 ? [known[0] ?? 0] : [Math.min(...known), Math.max(...known)];
    for (const value of ends) {
      line += `${isDrawing ? "L" : "M"}${x} ${y(value)}`;
      isDrawing = true;
    }
  }
  return line;
}
