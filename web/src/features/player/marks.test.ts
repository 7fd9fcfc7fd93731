import assert from "node:assert/strict";
import { test } from "node:test";

import { choicesWithMarks, isComplete, lengthsNow, marksOf, obstacleOf, ordered, sizesOf, type Marks } from "./marks.ts";
import type { Result } from "./result.ts";
import { sizeEntryOf, sizesIn } from "./size.ts";
import type { Point } from "./wall.ts";

const corners: Point[] = [[100, 100], [300, 110], [310, 400], [90, 380]];
const rectangle: Marks = { shape: "rectangle", atS: 1.5, places: corners };
const distance: Marks = { shape: "distance", atS: 2, places: [[300, 100], [100, 100]] };

test("corners are clockwise from the top left, whatever their order was", () => {
  for (const order of [[0, 1, 2, 3], [2, 0, 3, 1], [3, 2, 1, 0], [1, 3, 0, 2]]) {
    assert.deepEqual(ordered({ ...rectangle, places: order.map((index) => corners[index] as Point) }), corners);
  }
  assert.deepEqual(ordered(distance), distance.places, "a distance has no order");
});

test("marks that the analysis would not take are explained", () => {
  assert.equal(obstacleOf(rectangle), null);
  assert.equal(obstacleOf(distance), null);
  assert.equal(obstacleOf({ ...rectangle, places: corners.slice(0, 3) }), null, "not complete yet");
  assert.match(obstacleOf({ ...distance, places: [[10, 10], [20, 20]] }) ?? "", /too close/);
  assert.match(obstacleOf({ ...rectangle, places: [[100, 100], [300, 100], [150, 150], [100, 300]] }) ?? "", /not the corners/);
  assert.equal(isComplete({ ...rectangle, places: corners.slice(1) }), false);
});

test("one known length takes the place of another, and what else was told stays", () => {
  const body = { injured: [], missing: [] };
  const before = { body, body_height_m: 1.8, known_rectangle: { at_s: 0, corners_px: corners as [Point, Point, Point, Point], width_m: 1, height_m: 2 } };
  const after = choicesWithMarks(before, distance, [1.25]);
  assert.deepEqual(after, { body, body_height_m: 1.8, known_rectangle: null, known_distance: { at_s: 2, from_px: [300, 100], to_px: [100, 100], distance_m: 1.25 } });
  assert.deepEqual(marksOf(after), distance);
  assert.deepEqual(sizesOf(after, "distance"), [1.25]);
  assert.deepEqual(sizesOf(after, "rectangle"), []);
  assert.deepEqual(choicesWithMarks(after, null, []), { body, body_height_m: 1.8, known_rectangle: null, known_distance: null });
  assert.deepEqual(marksOf({}), null);
  const again = choicesWithMarks(after, rectangle, [1, 2]);
  assert.deepEqual(marksOf(again), rectangle);
  assert.deepEqual(sizesOf(again, "rectangle"), [1, 2]);
});

/** A camera that looks straight at a wall of which a pixel is half a centimeter, moved by 1000 px. */
const seen = {
  facts: { video: { width_px: 480, height_px: 854 }, wall: { scale: { wall_to_unit: [0.005, 0, 0, 0, 0.005, 0, 0, 0, 1] } } },
  wall: { onWall: new Float64Array([1, 0]), cornersPx: new Float64Array([1000, 0, 1480, 0, 1480, 854, 1000, 854, 0, 0, 0, 0, 0, 0, 0, 0]) },
} as unknown as Result;

test("how long marks are by the present scale", () => {
  assert.ok(Math.abs((lengthsNow(seen, 0, distance)?.[0] ?? 0) - 1) < 1e-9);
  const square: Marks = { shape: "rectangle", atS: 0, places: [[0, 0], [200, 0], [200, 400], [0, 400]] };
  assert.deepEqual(lengthsNow(seen, 0, square)?.map((length) => length.toFixed(6)), ["1.000000", "2.000000"]);
  assert.equal(lengthsNow(seen, 1, distance), null, "this frame has no place on the wall");
  assert.equal(lengthsNow(seen, 0, { ...distance, places: [] }), null);
});

test("sizes are typed with comma or point, in centimeters or inches", () => {
  assert.deepEqual(sizesIn({ unit: "cm", texts: ["120,5", " 300 "] }), [1.205, 3]);
  assert.deepEqual(sizesIn({ unit: "in", texts: ["48"] }), [1.219]);
  for (const texts of [[""], ["4"], ["5001"], ["-20"], ["1e9"], ["long"], ["100", ""]]) assert.equal(sizesIn({ unit: "cm", texts }), "bad");
  assert.deepEqual(sizeEntryOf([1.2345], "cm", 2), { unit: "cm", texts: ["123.5", ""] });
});
