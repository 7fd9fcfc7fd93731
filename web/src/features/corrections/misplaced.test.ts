import assert from "node:assert/strict";
import { test } from "node:test";

import { misplaced } from "./misplaced.ts";

test("the correction that the API names is the odd one, else the newest", () => {
  const items = [{ id: "a" }, { id: "b" }, { id: "c" }];
  assert.equal(misplaced(items, "Correction 2 names what is not there: frame 5 shows nobody."), "b");
  assert.equal(misplaced(items, "A correction names a frame that is not there."), "c");
  assert.equal(misplaced(items, "Correction 9 names what is not there."), "c", "it was taken back meanwhile");
  assert.equal(misplaced([], "Correction 1 names what is not there."), null);
});
