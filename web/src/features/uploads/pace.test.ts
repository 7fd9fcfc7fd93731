import assert from "node:assert/strict";
import { test } from "node:test";

import { createPace } from "./pace.ts";

const MB = 1_000_000;

test("the time left follows the pace of the last seconds", () => {
  const pace = createPace();
  for (let second = 0; second <= 30; second += 1) pace.add(second * 1000, second * MB);
  assert.equal(pace.leftS(80 * MB), 50); // 50 MB at 1 MB/s
  for (let second = 31; second <= 60; second += 1) pace.add(second * 1000, 30 * MB + (second - 30) * 2 * MB);
  assert.equal(pace.leftS(170 * MB), 40); // 80 MB at 2 MB/s: the slow start is forgotten
});

test("nothing is said before three seconds, without progress, or after a part begins anew", () => {
  const pace = createPace();
  assert.equal(pace.leftS(MB), null);
  pace.add(0, 0);
  pace.add(2_900, MB);
  assert.equal(pace.leftS(2 * MB), null);
  pace.add(4_000, 2 * MB);
  assert.equal(pace.leftS(4 * MB), 5);
  pace.add(5_000, MB);
  assert.equal(pace.leftS(4 * MB), null);
  pace.add(9_000, MB);
  assert.equal(pace.leftS(4 * MB), null);
});

test("long waits are told in whole minutes", () => {
  const pace = createPace();
  pace.add(0, 0);
  pace.add(10_000, MB);
  assert.equal(pace.leftS(100 * MB), 1020); // 990 s
});
