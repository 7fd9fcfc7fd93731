/** The second climber in the first one's pictures. */

import type { Result } from "../player/result.ts";
import { wallMatrix, type View } from "../player/view.ts";
import { product, type Matrix } from "../player/wall.ts";

/**
 * How frames of the second lie in the picture that `view` shows of the first while its frame `firstFrame` is shown.
 * `secondToFirst`: from wall pixels of the second to wall pixels of the first.
 */
export function overlaidView(view: View, firstFrame: number, second: Result, secondToFirst: Matrix): View {
  const onPicture = view.wallMapOf(firstFrame);
  const fromSecond = onPicture === null ? null : product(onPicture, secondToFirst);
  const through = (map: Matrix | null) => (fromSecond === null || map === null ? null : product(fromSecond, map));
  return {
    ...view,
    enlargement: view.enlargement * enlargementOf(secondToFirst),
    mapOf: (frame) => through(wallMatrix(second, frame)),
    wallMapOf: () => fromSecond,
  };
}

/** About how much longer lengths become, where the matrix is nearly the same everywhere. */
function enlargementOf([a = 1, b = 0, , d = 0, e = 1, , , , i = 1]: Matrix): number {
  return Math.sqrt(Math.abs(a * e - b * d)) / Math.abs(i);
}
