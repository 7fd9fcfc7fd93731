import assert from "node:assert/strict";
import { test } from "node:test";

import { applied, inverse, matrixOfCorners, product } from "./wall.ts";

const close = (actual: readonly number[], expected: readonly number[]) =>
  expected.forEach((value, index) => assert.ok(Math.abs((actual[index] ?? Number.NaN) - value) < 1e-9, `${String(actual)} is not ${String(expected)}`));

test("the corners of a frame go where they are said to lie, straight lines stay straight", () => {
  const corners = [10, 20, 500, -8, 460, 900, 30, 840];
  const matrix = matrixOfCorners(corners, 480, 854);
  close(applied(matrix, 0, 0), [10, 20]);
  close(applied(matrix, 480, 0), [500, -8]);
  close(applied(matrix, 480, 854), [460, 900]);
  close(applied(matrix, 0, 854), [30, 840]);
  const [ax, ay] = applied(matrix, 0, 300);
  const [bx, by] = applied(matrix, 200, 300);
  const [cx, cy] = applied(matrix, 480, 300);
  assert.ok(Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) < 1e-6);
});

test("a frame that only moved is moved", () => {
  close(matrixOfCorners([5, 7, 105, 7, 105, 57, 5, 57], 100, 50), [1, 0, 5, 0, 1, 7, 0, 0, 1]);
});

test("two steps are one", () => {
  const [first, then] = [matrixOfCorners([0, 0, 9, 1, 8, 9, 1, 8], 10, 10), [2, 0, 3, 0, 2, 4, 0, 0, 1]];
  const [x, y] = applied(first, 4, 6);
  close(applied(product(then, first), 4, 6), applied(then, x, y));
});

test("what lies beyond the horizon has no place", () => {
  assert.ok(applied([1, 0, 0, 0, 1, 0, 0, -0.01, 1], 0, 200).every(Number.isNaN));
});

test("what a matrix did is undone, and what flattens everything is not", () => {
  const matrix = matrixOfCorners([10, 20, 500, -8, 460, 900, 30, 840], 480, 854);
  const back = inverse(matrix);
  assert.ok(back !== null);
  close(applied(back, ...applied(matrix, 123, 456)), [123, 456]);
  assert.equal(inverse([1, 2, 3, 2, 4, 6, 0, 0, 1]), null);
});
