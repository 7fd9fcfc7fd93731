/** Where the frames of a moving camera lie on the wall (docs/guides/result-format.md, "The wall"). */

import type { components } from "../../result.gen.ts";

type Schemas = components["schemas"];
/** How the frames lie on the wall, as the header says it. */
export type WallFacts = Schemas["Wall"];
export type WallScale = Schemas["Scale"];
export type WallPictureFacts = Schemas["WallPicture"];
/** (3, 3) on homogeneous coordinates, row by row. */
export type Matrix = readonly number[];

export type Point = [number, number];

/** Where a point goes; NaN beyond the horizon of the wall's plane, which a canvas leaves out. */
export function applied(matrix: Matrix, x: number, y: number): Point {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = matrix;
  const depth = g * x + h * y + i;
  return depth > 0 ? [(a * x + b * y + c) / depth, (d * x + e * y + f) / depth] : [Number.NaN, Number.NaN];
}

/** First `right`, then `left`. */
export function product(left: Matrix, right: Matrix): Matrix {
  const cell = (row: number, column: number) => [0, 1, 2].reduce((sum, k) => sum + (left[row * 3 + k] ?? 0) * (right[k * 3 + column] ?? 0), 0);
  return [0, 1, 2].flatMap((row) => [cell(row, 0), cell(row, 1), cell(row, 2)]);
}

/** Undoes a matrix, up to a factor that places do not show; null where nothing undoes it. */
export function inverse(matrix: Matrix): Matrix | null {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = matrix;
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (determinant === 0) return null;
  const cofactors = [e * i - f * h, c * h - b * i, b * f - c * e, f * g - d * i, a * i - c * g, c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d];
  return cofactors.map((cofactor) => cofactor / determinant);
}

/**
 * The matrix that puts the corners of a frame of this size (clockwise from the top left) onto `corners`, x and y of
 * four places. After Heckbert 1989, the unit square onto a quadrilateral.
 */
export function matrixOfCorners(corners: readonly number[], width: number, height: number): Matrix {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = corners;
  const [dx1, dx2, dx3] = [x1 - x2, x3 - x2, x0 - x1 + x2 - x3];
  const [dy1, dy2, dy3] = [y1 - y2, y3 - y2, y0 - y1 + y2 - y3];
  const area = dx1 * dy2 - dx2 * dy1;
  const g = (dx3 * dy2 - dx2 * dy3) / area;
  const h = (dx1 * dy3 - dx3 * dy1) / area;
  const square = [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
  return product(square, [1 / width, 0, 0, 0, 1 / height, 0, 0, 0, 1]);
}
