import assert from "node:assert/strict";
import { test } from "node:test";

import { frameAt, seekTimeS } from "./frames.ts";

const uneven = Float64Array.from([0, 0.033366, 0.066733, 0.1335, 0.15]);

test("a frame stands from its own time until the next begins", () => {
  assert.equal(frameAt(uneven, -1), 0);
  assert.equal(frameAt(uneven, 0), 0);
  assert.equal(frameAt(uneven, 0.03), 0);
  assert.equal(frameAt(uneven, 0.1), 2);
  assert.equal(frameAt(uneven, 99), 4);
});

test("a media time rounded down to the millisecond still finds its frame", () => {
  uneven.forEach((timeS, frame) => assert.equal(frameAt(uneven, Math.floor(timeS * 1000) / 1000), frame));
});

test("seeking to a frame shows that frame", () => {
  uneven.forEach((_, frame) => assert.equal(frameAt(uneven, seekTimeS(uneven, frame)), frame));
});
