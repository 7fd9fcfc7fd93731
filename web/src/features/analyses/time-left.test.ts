import assert from "node:assert/strict";
import { test } from "node:test";

import { minutesLeft } from "./time-left.ts";

const started_at = "2026-11-23T12:00:00Z";
const after = (seconds: number) => new Date(Date.parse(started_at) + 1000 * seconds);
const running = (progress_pct: number) => ({ state: "processing" as const, started_at, progress_pct });

test("a third in one minute leaves about two", () => {
  assert.deepEqual(minutesLeft(running(33), after(60)), [1, 4]);
  assert.deepEqual(minutesLeft(running(90), after(60)), [0, 1]);
});

test("nothing is said where nobody can tell", () => {
  assert.equal(minutesLeft(running(9), after(60)), null, "too little is done");
  assert.equal(minutesLeft(running(40), after(5)), null, "too short a time");
  assert.equal(minutesLeft(running(100), after(60)), null);
  assert.equal(minutesLeft({ ...running(40), started_at: null }, after(60)), null);
  assert.equal(minutesLeft({ ...running(40), state: "queued" }, after(60)), null);
});
