import assert from "node:assert/strict";
import { test } from "node:test";

import { RequestError } from "./errors.ts";

test("what passes soon is tried again, what takes hours or somebody's hands is not", () => {
  for (const passing of [new RequestError("network", ""), new RequestError("overloaded", "", 503, 20), new RequestError("too_many_at_once", "", 429)]) {
    assert.equal(passing.temporary, true);
  }
  for (const lasting of [new RequestError("an_allowance", "", 429, 40_000), new RequestError("storage_full", "", 507), new RequestError("not_found", "", 404)]) {
    assert.equal(lasting.temporary, false);
  }
});
