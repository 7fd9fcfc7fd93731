import assert from "node:assert/strict";
import { test } from "node:test";

import { converted, gradeIn, ladder, scales, type Grade } from "./grades.ts";

const french = (text: string): Grade => ({ scale: "french", text });

test("what all tables agree on is one grade, where they part an interval", () => {
  assert.deepEqual(converted(french("6b"), "yds"), ["5.10c", "5.10c"]);
  assert.deepEqual(converted(french("6c"), "yds"), ["5.11a", "5.11b"]);
  assert.deepEqual(converted({ scale: "yds", text: "5.11b" }, "french"), ["6c", "6c+"]);
  assert.deepEqual(converted(french("8a"), "uiaa"), ["IX+", "X-"]);
  assert.deepEqual(converted({ scale: "v", text: "V4" }, "font"), ["6B", "6B+"]);
});

test("a route is no boulder, and nothing is made up", () => {
  assert.equal(converted(french("6b"), "font"), null);
  assert.equal(converted({ scale: "v", text: "V4" }, "yds"), null);
  assert.equal(converted(french("6d"), "yds"), null);
});

test("there and back again holds the grade that one came from, and harder stays harder", () => {
  for (const [from, to] of scales.flatMap((one) => scales.map((other) => [one, other] as const))) {
    const place = (text: string) => ladder[from].indexOf(text);
    for (const text of ladder[from]) {
      const there = converted({ scale: from, text }, to);
      if (there === null) continue;
      const [least, most] = there.map((end) => converted({ scale: to, text: end }, from));
      assert.ok(least != null && most != null);
      assert.ok(place(least[0]) <= place(text) && place(text) <= place(most[1]), `${from} ${text} by ${to}`);
      const next = ladder[from][place(text) + 1];
      const harder = next === undefined ? null : converted({ scale: from, text: next }, to);
      if (harder !== null) assert.ok(ladder[to].indexOf(harder[0]) >= ladder[to].indexOf(there[0]), `${from} ${text} in ${to}`);
    }
  }
});

test("a grade is found at the end of a name, and what only looks like one is not", () => {
  const found: [string, Grade | null][] = [
    ["Blue arête 6b+", french("6b+")],
    ["Yellow 6B+", { scale: "font", text: "6B+" }],
    ["Roof (V4)", { scale: "v", text: "V4" }],
    ["Slab v10", { scale: "v", text: "V10" }],
    ["Crack 5.10c", { scale: "yds", text: "5.10c" }],
    ["Kante VII−", { scale: "uiaa", text: "VII-" }],
    ["Kante UIAA VII-", { scale: "uiaa", text: "VII-" }],
    ["Project X", null],
    ["Wall 4", null],
    ["6b+ in the corner", null],
    ["", null],
  ];
  for (const [name, grade] of found) assert.deepEqual(gradeIn(name), grade, name);
});
