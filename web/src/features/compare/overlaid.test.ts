import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { readResult } from "../player/result.ts";
import { videoView, wallView } from "../player/view.ts";
import { applied, type Matrix } from "../player/wall.ts";
import { overlaidView } from "./overlaid.ts";

const sample = await readResult(gunzipSync(readFileSync(new URL("../../../../tests/analyses/data/sample.ascension.gz", import.meta.url))));
const same: Matrix = [1, 0, 0, 0, 1, 0, 0, 0, 1];

test("a climb over itself lies on itself, and another frame lies where the camera saw it", () => {
  const view = overlaidView(videoView(sample), 5, sample, same);
  const [x, y] = applied(view.mapOf(5) ?? [], 100, 200);
  assert.ok(Math.abs(x - 100) < 1e-6 && Math.abs(y - 200) < 1e-6);
  const [movedX] = applied(view.mapOf(9) ?? [], 100, 200);
  assert.ok(movedX > 105); // the sample's camera pans to the right by more than 2 px a frame
});

test("what lies elsewhere on the second's wall is carried to the first's, on the picture of the wall too", () => {
  const picture = sample.facts.wall?.picture;
  assert.ok(picture);
  const twiceAsLarge: Matrix = [2, 0, 10, 0, 2, 20, 0, 0, 1];
  const own = wallView(sample, picture);
  const view = overlaidView(own, 0, sample, twiceAsLarge);
  const [ownX, ownY] = applied(own.mapOf(7) ?? [], 50, 60);
  const [left, top] = [picture.wall_to_picture[2], picture.wall_to_picture[5]];
  const [x, y] = applied(view.mapOf(7) ?? [], 50, 60);
  assert.ok(Math.abs(x - (2 * (ownX - left) + 10 + left)) < 1e-6 && Math.abs(y - (2 * (ownY - top) + 20 + top)) < 1e-6);
  assert.ok(Math.abs(view.enlargement - 2 * own.enlargement) < 1e-9);
});

test("a frame off the wall has no place in the other's picture", () => {
  assert.equal(overlaidView(videoView(sample), 5, sample, same).mapOf(13), null);
  assert.equal(overlaidView(videoView(sample), 13, sample, same).mapOf(5), null);
});
