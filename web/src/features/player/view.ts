/** What the skeleton is drawn on: the video, or the wall that stands still behind it. */

import type { Result } from "./result.ts";
import { matrixOfCorners, product, type Matrix, type WallPictureFacts } from "./wall.ts";

export interface View {
  /** Width of the picture below, in its own pixels. */
  widthPx: number;
  /** So many of them are about one pixel of a frame. */
  enlargement: number;
  /** From a frame's pixels to the picture's; null where the frame has no place in it. */
  mapOf: (frame: number) => Matrix | null;
}

const same: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];

export function videoView({ facts }: Result): View {
  return { widthPx: facts.video.width_px, enlargement: 1, mapOf: () => same };
}

export function wallView({ facts, wall, frameCount }: Result, picture: WallPictureFacts): View {
  const { width_px, height_px } = facts.video;
  const maps: (Matrix | null)[] = [];
  for (let frame = 0; frame < frameCount; frame += 1) {
    const corners = wall?.onWall[frame] === 1 ? [...wall.cornersPx.subarray(frame * 8, frame * 8 + 8)] : null;
    maps.push(corners === null ? null : product(picture.wall_to_picture, matrixOfCorners(corners, width_px, height_px)));
  }
  const [a = 1, b = 0, , d = 0, e = 1] = picture.wall_to_picture;
  return { widthPx: picture.width_px, enlargement: Math.sqrt(Math.abs(a * e - b * d)), mapOf: (frame) => maps[frame] ?? null };
}
