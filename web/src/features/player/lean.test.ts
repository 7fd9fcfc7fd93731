import assert from "node:assert/strict";
import { test } from "node:test";

import { leanEntryOf, leanOf } from "./lean.ts";

test("an angle is degrees over the climber, below 0 on a slab", () => {
  assert.equal(leanOf({ text: " 22,5° ", way: "over" }), 22.5);
  assert.equal(leanOf({ text: "10", way: "away" }), -10);
  assert.ok(Object.is(leanOf({ text: "0", way: "away" }), 0));
  assert.equal(leanOf({ text: "", way: "over" }), null);
});

test("what no wall has is refused", () => {
  for (const text of ["-5", "91", "steep", "1e3", "NaN"]) assert.equal(leanOf({ text, way: "over" }), "bad", text);
  assert.equal(leanOf({ text: "61", way: "away" }), "bad");
});

test("what was told is shown as it is told again", () => {
  for (const degrees of [-60, -7.5, 0, 20, 90]) assert.equal(leanOf(leanEntryOf(degrees)), degrees);
  assert.equal(leanOf(leanEntryOf(null)), null);
});
