/**
 * One way through two clips. The API says which frame of the first belongs to which of the second; the track runs along that,
 * step by step, so that nobody runs faster than filmed: who takes longer plays as filmed, the other is slowed down or waits.
 */

import { frameAt } from "../player/frames.ts";
import type { Reel } from "../player/result.ts";
import { sideNames, type Compared, type Difference, type Section, type SideName } from "./comparison.ts";

export type Pieces = Compared["pieces"];
export type PieceKind = Pieces[number]["kind"];

/** `timesS`: seconds that both together need up to a step. A step shows one frame of each; n steps. */
export interface Track extends Reel {
  frames: Record<SideName, Int32Array>;
  /** Who moves in a step; the other waits. */
  kinds: readonly PieceKind[];
}

/** Throws RangeError where the pieces lead beyond the clips or backwards: they belong to other results. */
export function trackOf(pieces: Pieces, first: Reel, second: Reel): Track {
  const knots = pieces.flatMap(({ kind, knots: places }) => places.map(([first = -1, second = -1]) => ({ kind, first, second })));
  const start = knots[0];
  if (start === undefined) throw new RangeError("no frames of the two belong together");
  const steps = [{ ...start, first: clamped(start.first, first), second: clamped(start.second, second), atS: 0 }];
  let before = start;
  for (const knot of knots.slice(1)) {
    for (const name of sideNames) if (knot[name] < before[name]) throw new RangeError("the way through the clips leads backwards");
    addSteps(steps, before, knot, { first, second });
    before = knot;
  }
  return {
    frameCount: steps.length,
    timesS: Float64Array.from(steps, ({ atS }) => atS),
    frames: { first: Int32Array.from(steps, (step) => step.first), second: Int32Array.from(steps, (step) => step.second) },
    kinds: steps.map(({ kind }) => kind),
  };
}

interface Step {
  kind: PieceKind;
  first: number;
  second: number;
  atS: number;
}

/** Along the line from one knot to the next, evenly, frame by frame of whoever has more of them. */
function addSteps(steps: Step[], from: Omit<Step, "atS">, to: Omit<Step, "atS">, reels: Record<SideName, Reel>): void {
  const count = Math.max(to.first - from.first, to.second - from.second);
  const startS = steps.at(-1)?.atS ?? 0;
  const timeOf = (name: SideName, frame: number) => reels[name].timesS[frame] ?? 0;
  const lastsS = Math.max(...sideNames.map((name) => timeOf(name, clamped(to[name], reels[name])) - timeOf(name, clamped(from[name], reels[name]))));
  for (let index = 1; index <= count; index += 1) {
    const place = (name: SideName) => clamped(Math.round(from[name] + ((to[name] - from[name]) * index) / count), reels[name]);
    const next = { first: place("first"), second: place("second"), atS: startS + (lastsS * index) / count };
    const last = steps.at(-1);
    if (next.first !== last?.first || next.second !== last.second) steps.push({ kind: to.kind, ...next });
  }
}

/** The end of the last interval is a frame beyond the clip. */
function clamped(frame: number, { frameCount }: Reel): number {
  if (frame < 0 || frame > frameCount) throw new RangeError("the way leads beyond a clip");
  return Math.min(frame, frameCount - 1);
}

/** The time of a clip in seconds when both together have run `atS`. */
export function clipTimeS(track: Track, name: SideName, clip: Reel, atS: number): number {
  const step = frameAt(track.timesS, atS);
  const [begin, end] = [track.timesS[step] ?? 0, track.timesS[step + 1] ?? Infinity];
  const timeOf = (index: number) => clip.timesS[track.frames[name][Math.min(index, track.frameCount - 1)] ?? 0] ?? 0;
  const share = Number.isFinite(end) ? Math.max(0, Math.min(1, (atS - begin) / (end - begin))) : 0;
  return timeOf(step) + share * (timeOf(step + 1) - timeOf(step));
}

/** The step that shows two frames, or comes nearest; null: does not matter for this one. The first of equals. */
export function stepNearest({ frames, frameCount }: Track, first: number | null, second: number | null): number {
  let [best, bestMiss] = [0, Infinity];
  for (let step = 0; step < frameCount; step += 1) {
    const miss = (first === null ? 0 : Math.abs((frames.first[step] ?? 0) - first)) + (second === null ? 0 : Math.abs((frames.second[step] ?? 0) - second));
    if (miss < bestMiss) [best, bestMiss] = [step, miss];
  }
  return best;
}

/** Where a difference is to be seen: whoever has it is where it begins, the other as far on the way. */
export function stepOf(track: Track, { who, first, second }: Pick<Difference, "who" | "first" | "second">): number {
  const [inFirst, inSecond] = [first?.start_frame ?? null, second?.start_frame ?? null];
  if (who === "first" && inFirst !== null) return stepNearest(track, inFirst, null);
  if (who === "second" && inSecond !== null) return stepNearest(track, null, inSecond);
  return stepNearest(track, inFirst, inSecond);
}

/** The steps at which each section begins and ends; for a bar that is divided by them. */
export function sectionSteps(track: Track, sections: readonly Section[]): { start: number; end: number }[] {
  return sections.map(({ first, second }) => ({
    start: stepNearest(track, first.start_frame, second.start_frame),
    end: stepNearest(track, first.end_frame, second.end_frame),
  }));
}

/** The place in the list of the section in which a step lies; -1: in none. */
export function sectionAt({ frames }: Track, sections: readonly Section[], step: number): number {
  const [first, second] = [frames.first[step] ?? 0, frames.second[step] ?? 0];
  return sections.findLastIndex((section) => section.first.start_frame <= first && section.second.start_frame <= second);
}
