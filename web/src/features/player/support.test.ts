import assert from "node:assert/strict";
import { test } from "node:test";

import { hullOf, type Bearing } from "./support.ts";

const at = (x: number, y: number): Bearing => ({ at: [x, y], isFoot: false, isSure: true });
const places = (bearings: readonly Bearing[]) => bearings.map((bearing) => bearing.at.join());

test("the area is between the outer ends alone", () => {
  const corners = hullOf([at(0, 0), at(2, 0), at(1, 0.5), at(1, 3)]);
  assert.deepEqual(places(corners), ["0,0", "2,0", "1,3"]);
});

test("two ends are a line, one is a point, ends in one line have no area", () => {
  assert.deepEqual(places(hullOf([at(3, 1), at(0, 0)])), ["0,0", "3,1"]);
  assert.deepEqual(places(hullOf([at(3, 1)])), ["3,1"]);
  assert.deepEqual(places(hullOf([at(0, 0), at(2, 2), at(1, 1)])), ["0,0", "2,2"]);
});
