import assert from "node:assert/strict";
import { test } from "node:test";

import { noteDate, platformNow } from "./clock.ts";
import { formatWhen } from "./format.ts";

test("a clock that is an hour ahead or behind still tells how long ago something was", () => {
  const realMs = Date.now();
  for (const offMs of [3_600_000, -3_600_000]) {
    noteDate(new Date(realMs - offMs).toUTCString()); // what the platform says while this clock shows realMs
    assert.ok(Math.abs(platformNow().getTime() - (realMs - offMs)) < 5_000);
    assert.equal(formatWhen(new Date(realMs - offMs - 5 * 60_000).toISOString()), "5 minutes ago");
  }
});

test("a clock that is nearly right, and an answer without a date, change nothing", () => {
  noteDate(new Date(Date.now() - 20_000).toUTCString());
  assert.ok(Math.abs(platformNow().getTime() - Date.now()) < 1_000);
  for (const unread of [null, "yesterday"]) noteDate(unread);
  assert.ok(Math.abs(platformNow().getTime() - Date.now()) < 1_000);
});
