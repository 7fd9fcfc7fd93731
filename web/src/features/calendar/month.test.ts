import assert from "node:assert/strict";
import { test } from "node:test";

import { addMonths, lastOf, stepOf, weeksOf } from "./month.ts";

test("a month has its weeks from Monday to Sunday, and no day of another", () => {
  const weeks = weeksOf("2026-11-23");
  assert.equal(weeks.length, 6);
  assert.deepEqual(weeks[0], [null, null, null, null, null, null, "2026-11-01"]);
  assert.equal(weeks[5]?.[0], "2026-11-30");
  assert.equal(weeks.flat().filter((day) => day !== null).length, 30);
  assert.equal(weeksOf("2027-02-10").length, 4);
});

test("a month later is the same day, or the last that there is", () => {
  assert.equal(addMonths("2027-01-31", 1), "2027-02-28");
  assert.equal(addMonths("2026-12-15", 1), "2027-01-15");
  assert.equal(addMonths("2026-03-31", -1), "2026-02-28");
  assert.equal(lastOf("2028-02-01"), "2028-02-29");
});

test("keys lead through days, weeks and months", () => {
  const from = "2026-11-25";
  const steps = { ArrowLeft: "2026-11-24", ArrowDown: "2026-12-02", Home: "2026-11-23", End: "2026-11-29", PageUp: "2026-10-25", x: null };
  for (const [key, to] of Object.entries(steps)) assert.equal(stepOf(key, from), to, key);
});
