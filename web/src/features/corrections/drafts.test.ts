import assert from "node:assert/strict";
import { test } from "node:test";

import type { Climb, Contact } from "../player/climb.ts";
import { contactUnder, countOf, editsOf, holdNear, holdsWith, nothing, stretchesOf, unplaced, withContact, withHold, withPoint } from "./drafts.ts";

const frameCount = 100;
const contact = (limb: "left_hand" | "right_foot", start: number, end: number, hold: number | null, kind: Contact["kind"] = "hold"): Contact => ({ limb, start, end, kind, hold, x: 9, y: 9, confidence: 0.9, told: false });
const climb: Climb = {
  unit: "m",
  torso: 0.5,
  holds: [
    { id: 4, x: 1, y: 2, confidence: 0.9 },
    { id: 7, x: 1.5, y: 3, confidence: 0.9 },
  ],
  contacts: [contact("left_hand", 0, 40, 7), contact("left_hand", 52, 90, 4), contact("right_foot", 10, 60, null, "unseen")],
  moves: [],
  events: [],
  attempts: [],
};

test("a limb's contact in a frame is the draft's, else the result's, else the gap between two", () => {
  assert.deepEqual(contactUnder(climb, nothing, "left_hand", 39, frameCount), { key: "left_hand 0", limb: "left_hand", start: 0, end: 40, kind: "hold", place: [1.5, 3] });
  assert.deepEqual(contactUnder(climb, nothing, "left_hand", 40, frameCount), { key: "left_hand 40", limb: "left_hand", start: 40, end: 52, kind: "none", place: null });
  assert.equal(contactUnder(climb, nothing, "right_foot", 20, frameCount).kind, "unseen");
  const told = { ...contactUnder(climb, nothing, "left_hand", 45, frameCount), kind: "floor" as const, place: [0, 0] as [number, number], start: 30 };
  assert.equal(contactUnder(climb, withContact(nothing, told), "left_hand", 35, frameCount), told);
});

test("stretches cover the clip once, without a hole", () => {
  const draft = withContact(nothing, { ...contactUnder(climb, nothing, "left_hand", 45, frameCount), start: 30, end: 60 });
  for (const drafted of [nothing, draft]) {
    const found = stretchesOf(climb, drafted, "left_hand", frameCount);
    assert.deepEqual(found[0]?.start, 0);
    assert.deepEqual(found.at(-1)?.end, frameCount);
    assert.equal(new Set(found.map(({ key }) => key)).size, found.length);
  }
});

test("what was told inside of a longer contact is a stretch of its own", () => {
  const told = { ...contactUnder(climb, nothing, "left_hand", 5, frameCount), key: "left_hand new", start: 10, end: 20, kind: "none" as const };
  const found = stretchesOf(climb, withContact(nothing, told), "left_hand", frameCount);
  assert.deepEqual(found.map(({ key }) => key), ["left_hand 0", "left_hand new", "left_hand 40", "left_hand 52", "left_hand 90"]);
});

test("a change of the same thing takes the place of the one before, and contacts go with their hold", () => {
  const hand = contactUnder(climb, nothing, "left_hand", 60, frameCount);
  let draft = withContact(nothing, { ...hand, end: 80 });
  draft = withHold(draft, { at: [1, 2], to: [1.2, 2.5] });
  assert.deepEqual(draft.contacts[0]?.place, [1.2, 2.5]);
  draft = withHold(draft, { at: [1, 2], to: [1.4, 2.5] });
  assert.deepEqual(draft.contacts[0]?.place, [1.4, 2.5]);
  draft = withPoint(withPoint(draft, { frame: 3, landmark: "nose", place: [1, 1] }), { frame: 3, landmark: "nose", place: [2.04, 2.06] });
  assert.equal(countOf(draft), 3);
  assert.deepEqual(editsOf(draft), {
    keypoints: [{ frame: 3, landmark: "nose", x_px: 2, y_px: 2.1 }],
    holds: [{ at: [1, 2], to: [1.4, 2.5] }],
    contacts: [{ limb: "left_hand", start_frame: 52, end_frame: 80, kind: "hold", place: [1.4, 2.5] }],
  });
});

test("a hold is meant within 0.3 torso lengths, and not once it is taken away", () => {
  const holds = holdsWith(climb, nothing);
  assert.deepEqual(holds.map(({ number, at }) => [number, at]), [[1, [1.5, 3]], [2, [1, 2]]]);
  assert.equal(holdNear(holds, [1.1, 2.1], climb.torso)?.number, 2);
  assert.equal(holdNear(holds, [1.16, 2], climb.torso), null);
  assert.equal(holdNear(holdsWith(climb, withHold(nothing, { at: [1, 2], to: null })), [1, 2], climb.torso), null);
});

test("what has no place yet is not sent", () => {
  const foot = contactUnder(climb, nothing, "right_foot", 70, frameCount);
  assert.deepEqual(unplaced(withContact(nothing, { ...foot, kind: "none" })), []);
  assert.equal(unplaced(withContact(nothing, { ...foot, kind: "hold" })).length, 1);
});
