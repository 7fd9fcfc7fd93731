import assert from "node:assert/strict";
import { test } from "node:test";

import { boxAround, boxBetween, moved, peopleAt, resized, type Person } from "./people.ts";

const picture = { width: 480, height: 854 };
const climber: Person = { id: 1, is_climber: true, boxes: [[0, 200, 600, 100, 200], [1, 200, 400, 100, 240], [9, 200, 100, 100, 200]] };
const belayer: Person = { id: 2, is_climber: false, boxes: [[0, 20, 600, 80, 200]] };

test("a box stands between two sightings, and the nearer one is what was seen", () => {
  const [found] = peopleAt([climber], 0.75);
  assert.deepEqual(found?.now, { left: 200, top: 450, width: 100, height: 230 });
  assert.equal(found.seen[0], 1);
});

test("nobody is invented where the last sighting is long ago", () => {
  assert.deepEqual(peopleAt([climber, belayer], 5), []);
  assert.deepEqual(peopleAt([climber, belayer], 8.5).map(({ id, now }) => [id, now.top]), [[1, 100]]);
  assert.deepEqual(peopleAt([{ ...climber, boxes: [] }], 0), []);
});

test("people stand from left to right", () => {
  assert.deepEqual(peopleAt([climber, belayer], 0.5).map(({ id }) => id), [2, 1]);
});

test("a dragged box may begin at any corner and ends at the picture's edge", () => {
  assert.deepEqual(boxBetween([300, 500], [-40, 100], picture), { left: 0, top: 100, width: 300, height: 400 });
});

test("a tapped box lies inside the picture, wherever the tap was", () => {
  for (const at of [[0, 0], [480, 854], [240, 20]] as const) {
    const { left, top, width, height } = boxAround(at, picture);
    assert.ok(left >= 0 && top >= 0 && left + width <= 480 && top + height <= 854);
  }
});

test("keys neither push a box out of the picture nor make it too small to send", () => {
  const box = { left: 400, top: 10, width: 60, height: 100 };
  assert.deepEqual(moved(box, 50, -50, picture), { ...box, left: 420, top: 0 });
  assert.deepEqual(resized(box, -500, 0, picture).width, 8);
  assert.deepEqual(resized(box, 0, 9000, picture), { left: 400, top: 0, width: 60, height: 854 });
});
