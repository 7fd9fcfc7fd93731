import assert from "node:assert/strict";
import { test } from "node:test";

import { isNamedLike } from "./search.ts";

const route = { name: "Été indien", grade: "6b+", wall: "Arkose Nation" };

test("a route is found by name, grade or wall, whatever capitals and accents", () => {
  for (const text of ["", "ete", "INDIEN", "6b", "nation", " été "]) assert.equal(isNamedLike(route, text), true, text);
  assert.equal(isNamedLike(route, "7a"), false);
  assert.equal(isNamedLike({ ...route, grade: null, wall: null }, "nation"), false);
});
