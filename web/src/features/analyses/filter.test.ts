import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, askedOf, filterIn, isNarrow, noFilter } from "./filter.ts";

test("a filter comes back out of its address", () => {
  const filter = { text: "été & 50%", tag: "slab", route: "The blue one", state: "done", from: "2026-11-01", to: "2026-11-30" } as const;
  assert.deepEqual(filterIn(addressOf(filter).slice(1)), filter);
  assert.equal(addressOf(noFilter), "/");
});

test("what is no filter is left out", () => {
  assert.deepEqual(filterIn("?state=x&from=yesterday&to=2026-13-01&other=1"), noFilter);
  assert.equal(filterIn(`?text=${"a".repeat(500)}`).text.length, 80);
  assert.equal(isNarrow({ ...noFilter, text: "  " }), false);
});

test("both days belong to what is asked for", () => {
  const asked = askedOf({ ...noFilter, from: "2026-11-01", to: "2026-11-01" });
  assert.equal(Date.parse(asked?.until ?? "") - Date.parse(asked?.since ?? ""), 24 * 3600 * 1000);
});
