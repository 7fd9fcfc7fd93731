import assert from "node:assert/strict";
import { test } from "node:test";

import { language } from "./language.ts";
import { eventWords, lengthWords, measureWords, numberWords, percentWords } from "./terms.ts";

test("numbers keep three digits that count, large ones all before the point", () => {
  const words: [number, string][] = [[0.3266, "0.327"], [33.54, "33.5"], [29420, "29,420"], [-1.434, "−1.43"], [0, "0"], [-0.00001, "0"], [100, "100"]];
  for (const [value, text] of words) assert.equal(numberWords(value), text);
});

test("lengths and shares carry their unit", () => {
  assert.equal(lengthWords(0.555, "m"), "0.56\u00a0m");
  assert.equal(lengthWords(1.2, "torso"), "1.20\u00a0torso");
  assert.equal(percentWords(0.675), "68\u00a0%");
});

test("a code of a later version is shown as words", () => {
  assert.equal(eventWords("heel_hook"), "heel hook");
  assert.equal(measureWords("pace"), "Hand moves");
});

test("French has every word and its own comma", () => {
  language.set("fr");
  assert.equal(measureWords("pace"), "Mouvements des mains");
  assert.equal(numberWords(0.3266), "0,327");
  assert.equal(lengthWords(0.555, "m"), "0,56\u00a0m");
  language.set("en");
});
