import assert from "node:assert/strict";
import { test } from "node:test";

import { en } from "./words-en.ts";
import { fr } from "./words-fr.ts";

test("what is tried again by itself is said once", () => {
  assert.equal(en.tryingAgain("Too many requests are under way. Try again in a moment.", 20), "Too many requests are under way. Trying again in 20 s …");
  assert.equal(en.tryingAgain("Nothing was changed; try again shortly.", null), "Nothing was changed. Trying again …");
  assert.equal(en.tryingAgain(en.noAnswer, 8), `${en.noAnswer} Trying again in 8 s …`);
  assert.equal(fr.tryingAgain(fr.unreachable, 20), "Ascension n’est pas joignable pour l’instant. Nouvel essai dans 20 s …");
  assert.equal(fr.tryingAgain(fr.tooSlow, null), "Ascension a mis trop de temps à répondre. Nouvel essai …");
});
