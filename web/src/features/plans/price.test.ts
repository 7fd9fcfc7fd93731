import assert from "node:assert/strict";
import { test } from "node:test";

import { language } from "../../lib/language.ts";
import { amountWords } from "./price.ts";

test("an amount is in the smallest unit of its currency, and written as readers do", () => {
  language.set("en");
  assert.equal(amountWords({ amount: 2000, currency: "eur", tax: "inclusive" }), "€20.00");
  assert.equal(amountWords({ amount: 3000, currency: "jpy", tax: "inclusive" }), "¥3,000");
  language.set("fr");
  assert.equal(amountWords({ amount: 2050, currency: "eur", tax: "exclusive" }).replace(/\s/u, " "), "20,50 €");
  language.set("en");
});
