import assert from "node:assert/strict";
import { test } from "node:test";

import { applied } from "./wall.ts";
import { pannedBy, pinched, placeBelow, wholePicture, zoomedAt, zoomMatrix } from "./zoom.ts";

const close = (a: readonly number[], b: readonly number[]) => a.forEach((value, index) => assert.ok(Math.abs(value - (b[index] ?? NaN)) < 1e-9, `${a.join()} is not ${b.join()}`));

test("what lies below the finger stays there", () => {
  const near = zoomedAt(wholePicture, 2, [0.3, 0.7]);
  close(placeBelow(near, [0.3, 0.7]), [0.3, 0.7]);
  const nearer = zoomedAt(near, 1.5, [0.9, 0.2]);
  close(placeBelow(nearer, [0.9, 0.2]), placeBelow(near, [0.9, 0.2]));
});

test("two fingers take the place between them along", () => {
  const before = zoomedAt(wholePicture, 2, [0.5, 0.5]);
  const from = [[0.4, 0.5], [0.6, 0.5]] as const;
  const to = [[0.3, 0.55], [0.6, 0.55]] as const;
  const after = pinched(before, [[...from[0]], [...from[1]]], [[...to[0]], [...to[1]]]);
  close([after.scale], [3]);
  close(placeBelow(after, [0.45, 0.55]), placeBelow(before, [0.5, 0.5]));
});

test("never farther than the whole picture, never beyond its edge", () => {
  assert.deepEqual(zoomedAt(zoomedAt(wholePicture, 3, [0.2, 0.2]), 0.01, [0.8, 0.8]), { scale: 1, x: 0, y: 0 });
  assert.equal(zoomedAt(wholePicture, 1000, [0.5, 0.5]).scale, 6);
  const near = pannedBy(zoomedAt(wholePicture, 2, [0.5, 0.5]), 9, -9);
  assert.deepEqual(near, { scale: 2, x: 0, y: -1 });
});

test("the matrix says the same as the shares", () => {
  const near = zoomedAt(wholePicture, 2.5, [0.25, 0.5]);
  const [x, y] = applied(zoomMatrix(near, 400, 800), 120, 640);
  close(placeBelow(near, [x / 400, y / 800]), [0.3, 0.8]);
});
