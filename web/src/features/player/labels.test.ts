import assert from "node:assert/strict";
import { test } from "node:test";

import { placeLabel, type Box } from "./labels.ts";

const size = { halfWidth: 20, halfHeight: 8 };
const picture = { width: 480, height: 854 };

test("the wished side is taken where it is free", () => {
  assert.deepEqual(placeLabel([200, 200], 0, 10, size, [], picture), { x: 230, y: 200, ...size });
});

test("labels of one place do not cover each other", () => {
  const placed: Box[] = [];
  for (let index = 0; index < 5; index += 1) placed.push(placeLabel([200, 200], 0, 10, size, placed, picture));
  for (const [index, a] of placed.entries()) {
    for (const b of placed.slice(index + 1)) {
      assert.ok(Math.abs(a.x - b.x) >= 40 || Math.abs(a.y - b.y) >= 16, `${JSON.stringify(a)} covers ${JSON.stringify(b)}`);
    }
  }
});

test("at the edge the label turns inward", () => {
  const box = placeLabel([475, 200], 0, 10, size, [], picture);
  assert.ok(box.x + box.halfWidth <= picture.width);
});
