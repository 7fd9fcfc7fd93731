import assert from "node:assert/strict";
import { test } from "node:test";

import { dateShares, dotsOf, orderShares, rangeOf } from "./chart.ts";

test("dates keep their distances, whatever the order of months", () => {
  assert.deepEqual(dateShares(["2026-10-05", "2026-10-12", "2026-11-02"]), [0, 0.25, 1]);
  assert.deepEqual(dateShares(["2026-10-05"]), [0.5]);
  assert.deepEqual(orderShares(3), [0, 0.5, 1]);
});

test("higher values lie higher, unknown ones nowhere, equal ones in the middle", () => {
  assert.deepEqual(dotsOf([0, 0.5, 1], [0, null, 100], [0, 100], 40), [{ x: 0, y: 40 }, { x: 100, y: 0 }]);
  assert.deepEqual(dotsOf([0.5], [7], [7, 7], 40), [{ x: 50, y: 20 }]);
});

test("a range leaves room around what is known", () => {
  assert.deepEqual(rangeOf([10, null, 20]), [9, 21]);
  assert.equal(rangeOf([null]), null);
});
