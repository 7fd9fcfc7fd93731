import assert from "node:assert/strict";
import { test } from "node:test";

import { backoffS } from "./backoff.ts";
import { formatBytes, formatClock, formatDuration, formatRemaining, formatWhen } from "./format.ts";
import { language } from "./language.ts";

test("bytes use decimal units with one digit below ten", () => {
  assert.equal(formatBytes(999), "999\u00a0B");
  assert.equal(formatBytes(5_242_880), "5.2\u00a0MB");
  assert.equal(formatBytes(999_600), "1.0\u00a0MB");
  assert.equal(formatBytes(500_000_000), "500\u00a0MB");
  language.set("fr");
  assert.equal(formatBytes(5_242_880), "5,2\u00a0Mo");
  language.set("en");
});

test("positions carry over at full minutes and never show 60 seconds", () => {
  assert.equal(formatClock(0), "0:00.00");
  assert.equal(formatClock(59.999), "1:00.00");
  assert.equal(formatClock(83.456), "1:23.46");
});

test("durations are words", () => {
  assert.equal(formatDuration(0.2), "1 s");
  assert.equal(formatDuration(83), "1 min 23 s");
  assert.equal(formatDuration(7260), "2 h 1 min");
  assert.equal(formatDuration(720), "12 min");
  assert.equal(formatDuration(7200), "2 h");
});

test("recent times are relative, old ones a date", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  assert.equal(formatWhen("2026-11-21T11:59:50Z", now), "just now");
  assert.equal(formatWhen("2026-11-21T11:48:00Z", now), "12 minutes ago");
  assert.equal(formatWhen("2026-11-21T09:00:00Z", now), "3 hours ago");
  assert.match(formatWhen("2026-10-01T09:00:00Z", now), /2026/);
});

test("what is left is rounded down, and nothing at the end", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  assert.equal(formatRemaining("2026-11-21T15:59:00Z", now), "in 3 hours");
  assert.equal(formatRemaining("2026-11-21T13:59:30Z", now), "in 119 minutes");
  assert.equal(formatRemaining("2026-11-21T12:01:00Z", now), "in 1 minute");
  assert.equal(formatRemaining("2026-11-21T12:00:59Z", now), null);
  assert.equal(formatRemaining("2026-11-21T11:00:00Z", now), null);
});

test("back-off doubles to its limit and keeps at least half", () => {
  const longest = [0, 1, 2, 3, 10].map((attempt) => backoffS(attempt, 0.5, 20, () => 1));
  assert.deepEqual(longest, [0.5, 1, 2, 4, 20]);
  assert.equal(backoffS(3, 0.5, 20, () => 0), 2);
});
