import assert from "node:assert/strict";
import { test } from "node:test";

import { entryOf, heightWords, metersOf, mostHeightM } from "./height.ts";

const cm = (text: string) => ({ unit: "cm", cm: text, feet: "", inches: "" }) as const;
const ft = (feet: string, inches: string) => ({ unit: "ft", cm: "", feet, inches }) as const;

test("both units give meters, to the millimeter", () => {
  assert.equal(metersOf(cm("174"), mostHeightM), 1.74);
  assert.equal(metersOf(cm(" 168,5 "), mostHeightM), 1.685);
  assert.equal(metersOf(ft("5", "9"), mostHeightM), 1.753);
  assert.equal(metersOf(ft("6", ""), mostHeightM), 1.829);
});

test("nothing typed is no height; what no body measures is refused", () => {
  assert.equal(metersOf(cm("  "), mostHeightM), null);
  assert.equal(metersOf(ft("", ""), mostHeightM), null);
  for (const text of ["1.74", "79", "251", "-170", "tall", "1e9"]) assert.equal(metersOf(cm(text), mostHeightM), "bad", text);
  assert.equal(metersOf(ft("9", "0"), mostHeightM), "bad");
  assert.equal(metersOf(ft("5", "-3"), mostHeightM), "bad");
});

test("a height is shown in the unit in which it is given again", () => {
  assert.equal(heightWords(1.74, "cm"), "174 cm");
  assert.equal(heightWords(1.753, "ft"), "5 ft 9 in");
  assert.equal(heightWords(1.829, "ft"), "6 ft 0 in");
  assert.equal(metersOf(entryOf(1.685, "cm"), mostHeightM), 1.685);
});
