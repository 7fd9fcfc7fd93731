import assert from "node:assert/strict";
import { test } from "node:test";

import type { Reel } from "../player/result.ts";
import type { Section } from "./comparison.ts";
import { clipTimeS, sectionAt, sectionSteps, stepNearest, stepOf, trackOf, type Pieces } from "./track.ts";

const fps = 30;

function reel(frameCount: number): Reel {
  return { frameCount, timesS: Float64Array.from({ length: frameCount }, (_, frame) => frame / fps) };
}

/** The second rests for 60 frames where the first has frame 90. */
const paused: Pieces = [
  { kind: "both", knots: [[0, 0], [90, 90]] },
  { kind: "second_only", knots: [[90, 90], [90, 150]] },
  { kind: "both", knots: [[90, 150], [180, 240]] },
];

function span(start_frame: number, end_frame: number): Section["first"] {
  return { start_frame, end_frame, start_s: start_frame / fps, end_s: end_frame / fps };
}

function section(number: number, first: Section["first"], second: Section["second"]): Section {
  return { number, from_hold: null, to_hold: null, first, second, first_s: 0, second_s: 0, difference_s: 0, first_still_s: null, second_still_s: null, first_path: null, second_path: null, difference_path: null, quicker: "even" };
}

test("the first waits where only the second has something, and the track is as long as the longer of each stretch", () => {
  const track = trackOf(paused, reel(180), reel(240));
  const at = stepNearest(track, null, 120);
  assert.equal(track.frames.first[at], 90);
  assert.equal(track.kinds[at], "second_only");
  assert.ok(Math.abs((track.timesS.at(-1) ?? 0) - 239 / fps) < 1 / fps);
});

test("who is quicker is slowed down: both reach every knot together and nobody runs faster than filmed", () => {
  const [first, second] = [reel(91), reel(31)];
  const track = trackOf([{ kind: "both", knots: [[0, 0], [60, 10], [90, 30]] }], first, second);
  assert.equal(track.frames.second[stepNearest(track, 60, null)], 10);
  for (const [name, clip] of [["first", first], ["second", second]] as const) {
    for (let step = 1; step < track.frameCount; step += 1) {
      const passed = (clip.timesS[track.frames[name][step] ?? 0] ?? 0) - (clip.timesS[track.frames[name][step - 1] ?? 0] ?? 0);
      const together = (track.timesS[step] ?? 0) - (track.timesS[step - 1] ?? 0);
      assert.ok(passed >= 0 && passed <= together + 0.5 / fps); // to whole frames
    }
  }
  assert.ok(Math.abs(clipTimeS(track, "second", second, 1) - 5 / fps) < 0.6 / fps); // halfway through the first stretch
});

test("frames of different rates share one clock", () => {
  const slowMotion: Reel = { frameCount: 61, timesS: Float64Array.from({ length: 61 }, (_, frame) => frame / 60) };
  const track = trackOf([{ kind: "both", knots: [[0, 0], [30, 60]] }], reel(31), slowMotion);
  assert.equal(track.frameCount, 61);
  assert.ok(Math.abs((track.timesS.at(-1) ?? 0) - 1) < 0.05);
});

test("an end is the frame beyond the clip, further is refused, and so is a way back", () => {
  const both = (knots: [number, number][]): Pieces => [{ kind: "both", knots }];
  assert.equal(trackOf(both([[0, 0], [10, 10]]), reel(10), reel(10)).frames.first.at(-1), 9);
  assert.throws(() => trackOf(both([[0, 0], [11, 10]]), reel(10), reel(10)), RangeError);
  assert.throws(() => trackOf(both([[0, 0], [5, 5], [4, 6]]), reel(10), reel(10)), RangeError);
  assert.throws(() => trackOf([], reel(10), reel(10)), RangeError);
});

test("a difference is shown where it begins in whoever has it, the other as far on the way", () => {
  const track = trackOf(paused, reel(180), reel(240));
  const at = stepOf(track, { who: "second", first: span(40, 42), second: span(92, 150) });
  assert.deepEqual([track.frames.first[at], track.frames.second[at]], [90, 92]);
  assert.equal(track.frames.second[stepOf(track, { who: "first", first: null, second: span(200, 210) })], 200);
  const both = stepOf(track, { who: "both", first: span(100, 110), second: span(162, 170) });
  assert.deepEqual([track.frames.first[both], track.frames.second[both]], [100, 160]);
});

test("sections divide the bar where both reach a hold", () => {
  const track = trackOf(paused, reel(180), reel(240));
  const sections = [section(1, span(0, 90), span(0, 150)), section(2, span(90, 180), span(150, 240))];
  assert.deepEqual(sectionSteps(track, sections), [{ start: 0, end: 150 }, { start: 150, end: 239 }]);
  assert.equal(sectionAt(track, sections, stepNearest(track, 90, 120)), 0);
  assert.equal(sectionAt(track, sections, stepNearest(track, 100, null)), 1);
});
