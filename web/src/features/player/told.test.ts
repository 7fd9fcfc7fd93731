import assert from "node:assert/strict";
import { test } from "node:test";

import { setLanguage } from "../../lib/language.ts";
import { toldIn } from "./told.ts";

test("a result speaks the reader's language where it can, and says which one it speaks", () => {
  setLanguage("fr");
  assert.deepEqual(toldIn("Dark.", { fr: "Sombre." }), { text: "Sombre.", lang: undefined });
  assert.deepEqual(toldIn("Dark.", undefined), { text: "Dark.", lang: "en" });
  setLanguage("en");
  assert.deepEqual(toldIn("Dark.", { fr: "Sombre." }), { text: "Dark.", lang: undefined });
});
