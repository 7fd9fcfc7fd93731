import assert from "node:assert/strict";
import { test } from "node:test";

import { checkClimb, type Climb, type Loads } from "./climb.ts";
import { ResultFormatError } from "./columns.ts";
import { loadsAt, loadsStateOf } from "./loads.ts";
import { certaintyOf, changesOf, contactsAt, frameAtShare, holdNumbers, moveAt, neighborChange, withRoom } from "./moments.ts";

const frameCount = 100;

/** The lower hold has the smaller id and is used last; the right hand is hidden from 60 on. */
const climb: Climb = {
  unit: "m",
  torso: 0.5,
  holds: [
    { id: 0, x: 1, y: -3, confidence: 0.9 },
    { id: 1, x: 1.5, y: -2, confidence: 0.9 },
    { id: 2, x: 1.2, y: -1, confidence: 0.4 },
  ],
  contacts: [
    { limb: "left_hand", start: 0, end: 40, kind: "hold", hold: 1, x: 1, y: -2, confidence: 0.9, told: false },
    { limb: "left_hand", start: 52, end: 100, kind: "hold", hold: 2, x: 1, y: -2, confidence: 0.6, told: false },
    { limb: "right_hand", start: 60, end: 100, kind: "unseen", hold: 1, x: 1, y: -2, confidence: 0.5, told: false },
    { limb: "left_foot", start: 70, end: 100, kind: "hold", hold: 0, x: 1, y: -2, confidence: 0.9, told: false },
    { limb: "right_foot", start: 0, end: 100, kind: "smear", hold: null, x: 1, y: -2, confidence: 0.7, told: false },
  ],
  moves: [
    { limb: "left_hand", kind: "static", from_hold: 1, to_hold: 2, preparation_start: 30, reach_start: 40, reach_end: 52, settled: 60, distance: 1.1, confidence: 0.6 },
    { limb: "left_foot", kind: "static", from_hold: null, to_hold: 0, preparation_start: 60, reach_start: 64, reach_end: 70, settled: 72, distance: 0.4, confidence: 0.9 },
  ],
  events: [{ kind: "foot_cut", start: 40, end: 60, limbs: ["left_foot", "right_foot"], confidence: 0.8 }],
  attempts: [
    {
      attempt: { start: 0, end: 100, outcome: "unknown", reason: "the clip ends" },
      measures: [
        { name: "pace", value: 12, unit: "1/min", confidence: 0.9, frames: [[0, 100]], reason: "" },
        { name: "hip_to_wall", value: null, unit: "m", confidence: 0, frames: [[0, 100]], reason: "needs depth" },
      ],
      loads: { stances: [{ start: 10, end: 20, loads: [0.1, 0.1, 0.4, 0.4] }, { start: 20, end: 30, loads: [0.3, 0, 0.3, 0.6] }], confidence: 0.5, reason: "" },
    },
  ],
};

test("holds are numbered in the order of their first use", () => {
  assert.deepEqual([...holdNumbers(climb)], [[1, 1], [2, 2], [0, 3]]);
});

test("contacts are half-open, and a limb on its way has none", () => {
  assert.deepEqual(Object.keys(contactsAt(climb, 39)), ["left_hand", "right_foot"]);
  assert.deepEqual(Object.keys(contactsAt(climb, 40)), ["right_foot"]);
  assert.equal(contactsAt(climb, 52).left_hand?.hold, 2);
});

test("the move of a frame is the last one that has begun", () => {
  assert.deepEqual([0, 39, 40, 63, 64, 99].map((frame) => moveAt(climb, frame)), [-1, -1, 0, 0, 1, 1]);
});

test("changes are gone through one by one and end where there is none", () => {
  const changes = changesOf(climb);
  assert.deepEqual(changes, [0, 40, 52, 60, 64, 70]);
  assert.equal(neighborChange(changes, 0, -1), 0);
  assert.equal(neighborChange(changes, 0, 1), 40);
  assert.equal(neighborChange(changes, 55, -1), 52);
  assert.equal(neighborChange(changes, 80, 1), 80);
});

test("a place on the bar is a frame of the clip, also beyond its ends", () => {
  assert.deepEqual([-0.1, 0, 0.4, 0.999, 1, 7].map((share) => frameAtShare(share, frameCount)), [0, 0, 40, 99, 99, 99]);
});

test("names that would lie on each other give way to the more important", () => {
  const labels = [{ at: 0, width: 0.2, weight: 0 }, { at: 0.1, width: 0.2, weight: 1 }, { at: 0.31, width: 0.2, weight: 0 }];
  assert.deepEqual(withRoom(labels), [false, true, true]);
});

test("certainty has three steps", () => {
  assert.deepEqual([0.75, 0.74, 0.5, 0.49].map(certaintyOf), ["sure", "likely", "likely", "doubtful"]);
});

test("loads of a stance are shares of all of them, half-open, and between stances there are none", () => {
  assert.equal(loadsAt(climb, 9), null);
  assert.deepEqual(loadsAt(climb, 19), { left_hand: 0.1, right_hand: 0.1, left_foot: 0.4, right_foot: 0.4 });
  assert.deepEqual(loadsAt(climb, 20), { left_hand: 0.25, right_hand: 0, left_foot: 0.25, right_foot: 0.5 });
  assert.equal(loadsAt(climb, 30), null);
});

test("where no loads are, it is known why", () => {
  const [attempt] = climb.attempts;
  assert.ok(attempt !== undefined);
  const stateWith = (loads: Loads | null) => loadsStateOf({ ...climb, attempts: [{ ...attempt, loads }] });
  assert.equal(loadsStateOf(climb), "known");
  assert.equal(stateWith(null), "old");
  assert.equal(stateWith({ stances: [], confidence: 0, reason: "wall_angle_not_told" }), "no angle");
  assert.equal(stateWith({ stances: [], confidence: 0, reason: "forces_seldom_balance" }), "none");
});

test("results from before loads were stored are taken", () => {
  const old = structuredClone(climb);
  for (const attempt of old.attempts) delete attempt.loads;
  assert.doesNotThrow(() => checkClimb(old, frameCount));
});

test("a climb that follows the format is taken", () => {
  assert.doesNotThrow(() => checkClimb(structuredClone(climb), frameCount));
});

const faults: [string, (broken: Climb) => void][] = [
  ["a unit that is not known", (broken) => Object.assign(broken, { unit: "ft" })],
  ["contacts that are no list", (broken) => Object.assign(broken, { contacts: {} })],
  ["a limb that is not known", (broken) => Object.assign(broken.contacts[0] ?? {}, { limb: "tail" })],
  ["a hold that is not listed", (broken) => Object.assign(broken.contacts[0] ?? {}, { hold: 9 })],
  ["a contact without a place", (broken) => Object.assign(broken.contacts[0] ?? {}, { x: null })],
  ["a contact that ends before it begins", (broken) => Object.assign(broken.contacts[0] ?? {}, { start: 50, end: 40 })],
  ["frames beyond the clip", (broken) => Object.assign(broken.events[0] ?? {}, { end: 101 })],
  ["a fraction of a frame", (broken) => Object.assign(broken.moves[0] ?? {}, { reach_start: 40.5 })],
  ["a place that is no number", (broken) => Object.assign(broken.holds[0] ?? {}, { x: null })],
  ["a confidence above one", (broken) => Object.assign(broken.holds[0] ?? {}, { confidence: 1.5 })],
  ["a measure with value and reason", (broken) => Object.assign(broken.attempts[0]?.measures[0] ?? {}, { reason: "because" })],
  ["a measure with neither", (broken) => Object.assign(broken.attempts[0]?.measures[1] ?? {}, { reason: "" })],
  ["an angle of the wall that is no number", (broken) => Object.assign(broken, { overhang_deg: "steep" })],
  ["loads with stances and a reason", (broken) => Object.assign(broken.attempts[0]?.loads ?? {}, { reason: "because" })],
  ["loads with neither", (broken) => Object.assign(broken.attempts[0]?.loads ?? {}, { stances: [] })],
  ["a stance beyond the clip", (broken) => Object.assign(broken.attempts[0]?.loads?.stances[1] ?? {}, { end: 101 })],
  ["stances that overlap", (broken) => Object.assign(broken.attempts[0]?.loads?.stances[1] ?? {}, { start: 15 })],
  ["loads of three limbs", (broken) => Object.assign(broken.attempts[0]?.loads?.stances[0] ?? {}, { loads: [1, 0, 0] })],
  ["a load below nothing", (broken) => Object.assign(broken.attempts[0]?.loads?.stances[0] ?? {}, { loads: [1, 0, -0.1, 0] })],
  ["frames of a measure that are no pair", (broken) => Object.assign(broken.attempts[0]?.measures[0] ?? {}, { frames: [[1]] })],
];

for (const [what, spoil] of faults) {
  test(`refuses ${what}`, () => {
    const broken = structuredClone(climb);
    spoil(broken);
    assert.throws(() => checkClimb(broken, frameCount), ResultFormatError);
  });
}
