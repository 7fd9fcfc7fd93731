import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { language } from "../../lib/language.ts";
import type { Compared, Difference } from "./comparison.ts";
import { costWords, differenceWords, headlineWords, signedSeconds } from "./words.ts";

const span = { start_frame: 0, end_frame: 60, start_s: 0, end_s: 2 };
const pause: Difference = { number: 1, kind: "pause", who: "first", section: 4, first: span, second: span, limbs: [], holds: [], before_hold: 5, cost_s: -2.1, cost_path: null, confidence: 0.82 };

function compared(headline: Partial<Compared["headline"]>, isWhole = true): Compared {
  return {
    schema_version: 1,
    unit: "m",
    first: { span, part: span, outcome: "top" },
    second: { span, part: span, outcome: "top" },
    is_whole: isWhole,
    wall: { method: "same_analysis", second_to_first: [1, 0, 0, 0, 1, 0, 0, 0, 1], inliers: null, residual_px: 0, residual_cm: null, confidence: 1 },
    headline: { first_s: 14, second_s: 10.8, difference_s: -3.2, quicker: "second", main: 1, main_kind: "pause", main_cost_s: -2.1, ...headline },
    pieces: [],
    holds: [],
    sections: [],
    differences: [pause],
    measures: [],
  };
}

afterEach(() => language.set("en"));

test("the headline says who was quicker and what most of it is", () => {
  language.set("en");
  assert.deepEqual(headlineWords(compared({})), { what: "The second was 3.2 s quicker.", why: "2.1 s of that is the pause before hold 5. First 14.0 s, second 10.8 s." });
  assert.equal(headlineWords(compared({}, false)).what, "The second was 3.2 s quicker on what both climbed.");
});

test("one thing may be all of it", () => {
  language.set("en");
  assert.match(headlineWords(compared({ difference_s: -2.05 })).why, /^All of that is the pause before hold 5\./);
});

test("a cost that is more than the difference, or was made good elsewhere, is no part of it", () => {
  language.set("en");
  assert.match(headlineWords(compared({ difference_s: -1 })).why, /^The pause before hold 5 alone cost the first 2.1 s\./);
  const even = headlineWords(compared({ difference_s: 0.1, quicker: "even" }));
  assert.equal(even.what, "Both took the same time.");
  assert.match(even.why, /alone cost the first/);
  assert.equal(headlineWords(compared({ main: null, main_kind: null, main_cost_s: null })).why, "First 14.0 s, second 10.8 s.");
});

test("a difference is a sentence, and its cost names who paid", () => {
  language.set("en");
  assert.equal(differenceWords(pause), "The first paused before hold 5.");
  assert.equal(costWords(pause, "m"), "cost the first 2.1 s · 82\u00a0% sure");
  assert.equal(costWords({ ...pause, cost_s: 0.01, cost_path: 0.34 }, "m"), "cost no time · 0.34\u00a0m more way for the second · 82\u00a0% sure");
  assert.equal(differenceWords({ ...pause, kind: "other_hold", who: "both", limbs: ["left_hand"], holds: [4, 6] }), "The first used hold 4, the second hold 6 (left hand) before hold 5.");
  assert.equal(signedSeconds(pause.cost_s), "−2.1\u00a0s");
  assert.equal(signedSeconds(null), "");
});

test("French says the same with its own comma", () => {
  language.set("fr");
  assert.equal(headlineWords(compared({})).what, "Le second a été plus rapide de 3,2 s.");
  assert.equal(differenceWords(pause), "Le premier a fait un arrêt avant la prise 5.");
});
