import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { fileName, framesTable, measuresTable } from "./export.ts";
import { readResult } from "./result.ts";

const stored = await readFile(new URL("../../../../tests/analyses/data/sample.ascension.gz", import.meta.url));
const sample = await readResult(gunzipSync(stored));

test("one row a frame, nothing where nothing was measured", () => {
  const rows = framesTable(sample).split("\r\n").map((row) => row.split(","));
  assert.equal(rows.length, sample.frameCount + 2, "header, frames, and the end of the last row");
  const [header = []] = rows;
  assert.deepEqual(header.slice(0, 6), ["frame", "time_s", "person", "center_of_mass_x_px", "center_of_mass_y_px", "left_elbow_deg"]);
  assert.ok(rows.slice(0, -1).every((row) => row.length === header.length));
  const unseen = sample.person.findIndex((flag) => flag === 0);
  assert.ok(unseen >= 0);
  assert.deepEqual(new Set(rows[unseen + 1]?.slice(3)), new Set([""]));
  sample.anglesDeg.forEach((angle, at) => {
    const written = rows[1 + Math.floor(at / 8)]?.[5 + (at % 8)];
    assert.equal(written, sample.anglesMeasured[at] === 1 ? angle.toFixed(1) : "");
  });
});

test("a measure has its value or its reason, and no word becomes a formula", () => {
  const measure = { name: "pace", value: 12.5, unit: "1/min", confidence: 0.9, frames: [], reason: "" };
  const hostile = { ...measure, value: null, reason: '=HYPERLINK("x"), no' };
  const attempt = { attempt: { start: 0, end: 1, outcome: "top" as const, reason: "" }, measures: [measure, hostile] };
  const climb = { unit: "m" as const, torso: 0.5, holds: [], contacts: [], moves: [], events: [], attempts: [attempt] };
  const [, first, second] = measuresTable({ ...sample, facts: { ...sample.facts, climb } }).split("\r\n");
  assert.equal(first, "1,pace,12.5,1/min,0.9,");
  assert.equal(second, `1,pace,,1/min,0.9,"'=HYPERLINK(""x""), no"`);
});

test("a file's name is one that every system takes", () => {
  assert.equal(fileName("a/b:c.mp4", "frames.csv"), "a-b-c-frames.csv");
  assert.equal(fileName(".mp4", "frames.csv"), "climb-frames.csv");
});
