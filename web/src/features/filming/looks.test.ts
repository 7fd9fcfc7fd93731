import assert from "node:assert/strict";
import { test } from "node:test";

import { hintsOf, steadyHints, type Sight } from "./hints.ts";
import { tiltOf } from "./level.ts";
import { grayOf, lightOf, movedRows, sharpnessOf, type Gray } from "./looks.ts";

const fine: Sight = { light: { brightness: 0.5, contrast: 0.2 }, sharpness: 0.2, movedShare: 0.5, heightPx: 1080, tiltDeg: 1 };

function filled(width: number, height: number, value: (column: number, row: number) => number): Gray {
  const values = Float32Array.from({ length: width * height }, (_, at) => value(at % width, Math.floor(at / width)));
  return { values, width, height };
}

test("brightness and contrast run from black to white", () => {
  const halves = filled(4, 4, (column) => (column < 2 ? 0 : 255));
  assert.deepEqual(lightOf(halves), { brightness: 0.5, contrast: 0.5 });
  const white = grayOf({ data: new Uint8ClampedArray(16).fill(255), width: 2, height: 2 });
  assert.ok(Math.abs(lightOf(white).brightness - 1) < 1e-6);
});

test("a picture is as sharp as its poorer direction", () => {
  const fineGrain = filled(64, 64, (column, row) => 255 * ((column * 7 + row * 13) % 5 < 2 ? 1 : 0));
  const smeared = filled(64, 64, (column) => 255 * (column % 5 < 2 ? 1 : 0)); // no structure downwards
  assert.ok(sharpnessOf(fineGrain) > 1);
  assert.equal(sharpnessOf(smeared), 0);
  assert.equal(sharpnessOf(filled(64, 64, () => 9)), 0);
});

test("what moves is seen by its rows, and a phone that moves is not a climber", () => {
  const still = filled(20, 40, () => 100);
  const moved = filled(20, 40, (column, row) => (row >= 10 && row < 30 && column > 15 ? 200 : 100));
  assert.deepEqual(movedRows(still, moved), { first: 10, end: 30 });
  assert.equal(movedRows(still, still), null);
  assert.equal(movedRows(still, filled(20, 40, () => 200)), null);
});

test("hints follow the limits of the analysis", () => {
  assert.deepEqual(hintsOf(fine), []);
  assert.deepEqual(hintsOf({ ...fine, light: { brightness: 0.05, contrast: 0.01 } }), ["dark"]);
  assert.deepEqual(hintsOf({ ...fine, light: { brightness: 0.5, contrast: 0.01 } }), ["flat"]);
  assert.deepEqual(hintsOf({ ...fine, sharpness: 0.02 }), ["blurred"]);
  assert.deepEqual(hintsOf({ ...fine, movedShare: 0.95 }), ["large"]);
  assert.deepEqual(hintsOf({ ...fine, movedShare: 0.1 }), ["small"], "a torso of 32 pixels");
  assert.deepEqual(hintsOf({ ...fine, movedShare: 0.12 }), []);
  assert.deepEqual(hintsOf({ ...fine, movedShare: null, tiltDeg: -12 }), ["tilted"]);
});

test("a hint is said when it lasts, and goes when it is over", () => {
  const steady = steadyHints();
  assert.deepEqual([steady(["dark"]), steady(["dark"]), steady(["dark"])], [[], [], ["dark"]]);
  assert.deepEqual([steady([]), steady([]), steady([])], [["dark"], ["dark"], []]);
});

test("the horizon is level when the phone stands upright, in either direction of its screen", () => {
  assert.ok(Math.abs(tiltOf(90, 0, 0) ?? 99) < 1e-9);
  assert.ok(Math.abs(tiltOf(0, -90, 90) ?? 99) < 1e-9, "on its side");
  assert.ok(Math.abs((tiltOf(80, 0, 0) ?? 99) - 0) < 1e-9, "leaning back is no tilt");
  const leaning = tiltOf(60, -20, 0) ?? 0;
  assert.ok(leaning > 5 && leaning < 20);
  assert.equal(tiltOf(0, 0, 0), null, "flat on the ground");
  assert.equal(tiltOf(null, null, 0), null);
});
