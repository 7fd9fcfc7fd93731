import assert from "node:assert/strict";
import { test } from "node:test";

import { attemptsIn } from "./attempts.ts";

test("attempts of a summary have an outcome, and a score where there is one", () => {
  const attempts = [{ outcome: "fall", axes: { score: 61.4 } }, { outcome: "top", axes: { score: null } }, "odd"];
  assert.deepEqual(attemptsIn({ attempts }), [
    { outcome: "fall", score: 61.4 },
    { outcome: "top", score: null },
    { outcome: "unknown", score: null },
  ]);
  assert.equal(attemptsIn({ duration_s: 3 }), null);
});
