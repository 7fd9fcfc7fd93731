import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

import { ResultFormatError } from "./columns.ts";
import { readResult, type Result } from "./result.ts";
import { applied, matrixOfCorners } from "./wall.ts";

interface SampleFrame {
  index: number;
  time_s: number;
  landmarks_px: ([number, number] | [null, null])[];
  visibility: (number | null)[];
  center_of_mass_px: [number, number] | [null, null];
  joint_angles_deg: (number | null)[];
  landmarks_wall_px: ([number, number] | [null, null])[];
  interpolated: number[];
  sides_repaired: boolean;
  center_of_mass_seen_pct: number | null;
}

interface Sample {
  facts: Record<string, unknown>;
  time_ticks: number[];
  person: number[];
  frames: SampleFrame[];
}

const data = new URL("../../../../tests/analyses/data/", import.meta.url);
const bytes = new Uint8Array(gunzipSync(await readFile(new URL("sample.ascension.gz", data))));
const sample = JSON.parse(await readFile(new URL("sample.json", data), "utf8")) as Sample;

function close(actual: number, expected: number | null, measured: boolean): void {
  assert.equal(measured, expected !== null);
  if (expected !== null) assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
}

function compareFrame(result: Result, frame: SampleFrame): void {
  const { index } = frame;
  const seen = result.person[index] === 1;
  assert.ok(Math.abs((result.timesS[index] ?? -1) - frame.time_s) < 1e-9);
  frame.landmarks_px.flat().forEach((value, at) => close(result.landmarksPx[index * 66 + at] ?? NaN, value, seen));
  frame.visibility.forEach((value, at) => close(result.visibility[index * 33 + at] ?? NaN, value, seen));
  frame.center_of_mass_px.forEach((value, at) => close(result.centerOfMassPx[index * 2 + at] ?? NaN, value, seen));
  frame.joint_angles_deg.forEach((value, at) => {
    close(result.anglesDeg[index * 8 + at] ?? NaN, value, result.anglesMeasured[index * 8 + at] === 1);
  });
}

function compareOnWall(result: Result, frame: SampleFrame): void {
  const { index } = frame;
  const { width_px, height_px } = result.facts.video;
  const matrix = matrixOfCorners([...(result.wall?.cornersPx.subarray(index * 8, index * 8 + 8) ?? [])], width_px, height_px);
  const isKnown = result.person[index] === 1 && result.wall?.onWall[index] === 1;
  frame.landmarks_wall_px.forEach((expected, landmark) => {
    const at = (index * 33 + landmark) * 2;
    const place = applied(matrix, result.landmarksPx[at] ?? NaN, result.landmarksPx[at + 1] ?? NaN);
    // the document is rounded to a millionth
    expected.forEach((value, axis) => (value === null ? assert.equal(isKnown, false) : assert.ok(Math.abs((place[axis] ?? NaN) - value) < 2e-6)));
  });
}

function compareDoubts(result: Result, frame: SampleFrame): void {
  const { index } = frame;
  const filled = [...result.interpolated.subarray(index * 33, index * 33 + 33).entries()].filter(([, flag]) => flag === 1);
  assert.deepEqual(filled.map(([landmark]) => landmark), frame.interpolated);
  assert.equal(result.sidesRepaired[index] === 1, frame.sides_repaired);
  close(result.centerSeenPct?.[index] ?? NaN, frame.center_of_mass_seen_pct, result.person[index] === 1);
}

test("reads the shared sample exactly as the Python reader does", async () => {
  const result = await readResult(bytes);
  assert.deepEqual([...result.person], sample.person);
  for (const [name, value] of Object.entries(sample.facts)) {
    assert.deepEqual((result.facts as unknown as Record<string, unknown>)[name], value, name);
  }
  assert.ok(sample.frames.length > 0);
  for (const frame of sample.frames) {
    compareFrame(result, frame);
    compareOnWall(result, frame);
    compareDoubts(result, frame);
  }
});

test("refuses every shortened file with its own error", async () => {
  for (let length = 0; length < bytes.length; length += 1) {
    await assert.rejects(readResult(bytes.subarray(0, length)), ResultFormatError, `${length} bytes`);
  }
});

test("a changed byte gives a result or the format's own error, nothing else", async () => {
  for (let position = 0; position < bytes.length; position += 1) {
    for (const value of [0, 0x80, 0xff]) {
      const changed = bytes.slice();
      changed[position] = value;
      try {
        await readResult(changed);
      } catch (error) {
        assert.ok(error instanceof ResultFormatError, `byte ${position} = ${value}: ${String(error)}`);
      }
    }
  }
});

/** The sample's header over `frameCount` frames of made-up numbers, every column as `delta1-varint`. */
function longResult(frameCount: number): Uint8Array {
  const channels: Record<string, number> = {
    time_ticks: 1, person: 1, landmarks_px: 66, visibility: 33, center_of_mass_px: 2, joint_angles_measured: 8, joint_angles_deg: 8,
  };
  const body: number[] = [];
  const columns = Object.entries(channels).map(([name, count]) => {
    const offset = body.length;
    for (let channel = 0; channel < count; channel += 1) {
      for (let frame = 0; frame < frameCount; frame += 1) {
        const isMask = name === "person" || name === "joint_angles_measured";
        body.push(isMask ? (frame === 0 ? 2 : 0) : name === "time_ticks" ? 2 : frame % 2 === 0 ? 100 : 99);
      }
    }
    const trailing = name === "landmarks_px" ? [33, 2] : count === 1 ? [] : [count];
    const unit = { unit: "1", scale: 0.5, mask: null, coding: "delta1-varint" };
    const scale = name === "landmarks_px" || name === "joint_angles_deg" ? 0.5 : 1;
    return { name, shape: [frameCount, ...trailing], ...unit, scale, offset_bytes: offset, length_bytes: body.length - offset };
  });
  const video = { ...(sample.facts["video"] as object), frame_count: frameCount };
  const header = new TextEncoder().encode(JSON.stringify({ ...sample.facts, video, columns }));
  const file = new Uint8Array(8 + header.length + body.length);
  file.set([0x41, 0x53, 0x43, 0x4e]);
  new DataView(file.buffer).setUint32(4, header.length, true);
  file.set(header, 8);
  file.set(body, 8 + header.length);
  return file;
}

test("reads 30 s at 30 frames/s in a blink", async () => {
  const file = longResult(900);
  await readResult(file); // the first call compiles
  const began = performance.now();
  const result = await readResult(file);
  const tookMs = performance.now() - began;
  assert.equal(result.landmarksPx.length, 900 * 66);
  assert.equal(result.landmarksPx[66 * 2], 25); // 50 - 50 + 50 steps of half a pixel
  assert.ok(tookMs < 100, `${tookMs} ms`); // a few ms; the margin is for busy machines
});

test("others have their turn while ten minutes are read", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1));
  await readResult(longResult(18_000));
  clearInterval(timer);
  assert.ok(turns > 0);
});
