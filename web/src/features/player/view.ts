/** What the skeleton is drawn on: the video, or the wall that stands still behind it. */

import type { Result } from "./result.ts";
import { inverse, matrixOfCorners, product, type Matrix, type WallPictureFacts } from "./wall.ts";
import { zoomMatrix, type Zoom } from "./zoom.ts";

export interface View {
  /** Size of the picture below, in its own pixels. */
  widthPx: number;
  heightPx: number;
  /** So many of them are about one pixel of a frame. */
  enlargement: number;
  /** From a frame's pixels to the picture's; null where the frame has no place in it. */
  mapOf: (frame: number) => Matrix | null;
  /** From the wall's pixels to the picture's, while this frame is shown; null where it has no place on the wall. */
  wallMapOf: (frame: number) => Matrix | null;
}

const same: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];
/** The wall counts upwards, pixels downwards. */
const upsideDown: Matrix = [1, 0, 0, 0, -1, 0, 0, 0, 1];

export function videoView(result: Result): View {
  const { width_px, height_px } = result.facts.video;
  const wallMapOf = (frame: number) => {
    if (result.facts.wall == null || result.wall === null) return same; // the picture itself is taken for the wall
    const toWall = wallMatrix(result, frame);
    return toWall === null ? null : inverse(toWall);
  };
  return { widthPx: width_px, heightPx: height_px, enlargement: 1, mapOf: () => same, wallMapOf };
}

export function wallView(result: Result, picture: WallPictureFacts): View {
  const maps: (Matrix | null)[] = [];
  for (let frame = 0; frame < result.frameCount; frame += 1) {
    const toWall = wallMatrix(result, frame);
    maps.push(toWall === null ? null : product(picture.wall_to_picture, toWall));
  }
  const [a, b, , d, e] = picture.wall_to_picture;
  return {
    widthPx: picture.width_px,
    heightPx: picture.height_px,
    enlargement: Math.sqrt(Math.abs(a * e - b * d)),
    mapOf: (frame) => maps[frame] ?? null,
    wallMapOf: () => picture.wall_to_picture,
  };
}

/** The same picture looked at from near: what is drawn moves with it, and its lines grow less, so that they hide less. */
export function zoomedView(view: View, zoom: Zoom): View {
  if (zoom.scale === 1) return view;
  const onto = zoomMatrix(zoom, view.widthPx, view.heightPx);
  const near = (map: Matrix | null) => (map === null ? null : product(onto, map));
  return {
    ...view,
    enlargement: view.enlargement * Math.sqrt(zoom.scale),
    mapOf: (frame) => near(view.mapOf(frame)),
    wallMapOf: (frame) => near(view.wallMapOf(frame)),
  };
}

/** From a frame's pixels to the wall's; null where it has no place there. */
export function wallMatrix({ facts, wall }: Result, frame: number): Matrix | null {
  if (wall?.onWall[frame] !== 1) return null;
  return matrixOfCorners([...wall.cornersPx.subarray(frame * 8, frame * 8 + 8)], facts.video.width_px, facts.video.height_px);
}

/** From places of a climb (x right, y up, in its unit) to the picture of a view; null where there is no way. */
export function placeMap({ facts }: Result, view: View, frame: number): Matrix | null {
  const onPicture = view.wallMapOf(frame);
  const perTorso = facts.torso_px;
  const toWall = facts.wall == null ? [perTorso, 0, 0, 0, perTorso, 0, 0, 0, 1] : inverse(facts.wall.scale.wall_to_unit);
  return onPicture === null || toWall === null ? null : product(onPicture, product(toWall, upsideDown));
}

/** From a frame's pixels to places of a climb; null where there is no way. */
export function unitMap(result: Result, frame: number): Matrix | null {
  const { facts, wall } = result;
  const perPx = 1 / facts.torso_px;
  if (facts.wall == null || wall === null) return product(upsideDown, [perPx, 0, 0, 0, perPx, 0, 0, 0, 1]);
  const toWall = wallMatrix(result, frame);
  return toWall === null ? null : product(upsideDown, product(facts.wall.scale.wall_to_unit, toWall));
}
