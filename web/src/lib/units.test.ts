import assert from "node:assert/strict";
import { test } from "node:test";

import { lengthWords, unitWords } from "./terms.ts";
import { shownValue, units } from "./units.ts";

test("lengths and speeds are shown in feet to whoever reads feet, all else stays", () => {
  units.set("imperial");
  assert.equal(lengthWords(0.3048, "m"), "1.00\u00a0ft");
  assert.equal(lengthWords(1.2, "torso"), "1.20\u00a0torso");
  assert.equal(unitWords("m"), "ft");
  assert.equal(unitWords("m/s"), "ft/s");
  assert.equal(shownValue(3.048, "m/s"), 10);
  for (const unit of ["s", "%", "J", "torso", "deg"]) assert.equal(shownValue(3, unit), 3, unit);
  units.set("metric");
  assert.equal(lengthWords(0.3048, "m"), "0.30\u00a0m");
  assert.equal(shownValue(3, "m"), 3);
});
