import assert from "node:assert/strict";
import { test } from "node:test";

import { heightsOf, lineOf, speedsOf } from "./series.ts";

const timesS = Float64Array.from({ length: 31 }, (_, frame) => frame / 30);

test("a body that goes along a line has that speed, and none beside a gap", () => {
  const centers = Float64Array.from({ length: 62 }, (_, at) => (at % 2 === 0 ? (3 * (at / 2)) / 30 : (4 * ((at - 1) / 2)) / 30));
  centers.set([Number.NaN, Number.NaN], 15 * 2);
  const speeds = speedsOf(timesS, centers);
  assert.ok(Math.abs((speeds[5] ?? 0) - 5) < 1e-9);
  assert.ok(Number.isNaN(speeds[15]));
  assert.ok(Math.abs((speeds[14] ?? 0) - 5) < 1e-9, "one side is enough where it is long enough");
});

test("too short a piece has no speed", () => {
  const centers = new Float64Array(62).fill(Number.NaN);
  centers.set([0, 0, 9, 9], 20);
  assert.ok(speedsOf(timesS, centers).every(Number.isNaN));
});

test("heights count from the lowest place, unknown ones stay unknown", () => {
  assert.deepEqual([...heightsOf(Float64Array.from([0, -2, Number.NaN, Number.NaN, 0, -1.5]))], [0, Number.NaN, 0.5]);
});

test("no line across a gap, and no peak is lost in a long clip", () => {
  assert.equal(lineOf(Float64Array.from([0, 1, Number.NaN, 0]), { least: 0, most: 1 }), "M0.5 1.0000L1.5 0.0000M3.5 1.0000");
  const long = new Float64Array(10_000);
  long[7777] = 1;
  const line = lineOf(long, { least: 0, most: 1 });
  assert.ok(line.includes(" 0.0000"));
  assert.ok(line.length < 20_000);
});
