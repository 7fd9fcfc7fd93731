import assert from "node:assert/strict";
import { test } from "node:test";

import { createStore } from "../../lib/store.ts";
import { beginningAt, endingAt, followLoop, isOver, stretchOfMove, type Stretch } from "./loop.ts";
import type { ClipPlayback } from "./playback.ts";

/** Something that plays when told to, frame by frame. */
function player(): ClipPlayback & { jumps: number[]; run: (frame: number) => void; end: () => void } {
  const [frame, playing] = [createStore(0), createStore(false)];
  const jumps: number[] = [];
  let isAtEnd = false;
  const jump = (to: number) => {
    jumps.push(to);
    isAtEnd = false;
    frame.set(to);
  };
  return {
    frame,
    position: frame,
    playing,
    speed: createStore(1),
    mediaTimeS: () => 0,
    play: () => playing.set(true),
    pause: () => playing.set(false),
    seek: (to) => {
      playing.set(false);
      frame.set(to);
    },
    jump,
    isAtEnd: () => isAtEnd,
    setSpeed: () => undefined,
    close: () => undefined,
    jumps,
    run: (to) => frame.set(to),
    end: () => {
      isAtEnd = true;
      playing.set(false);
    },
  };
}

test("only who was inside is taken back, also over frames that were left out", () => {
  const stretch = { start: 10, end: 20 };
  assert.ok(isOver(stretch, 19, 20));
  assert.ok(isOver(stretch, 12, 31));
  assert.ok(!isOver(stretch, 9, 21), "from before it straight beyond it");
  assert.ok(!isOver(stretch, 20, 21));
  assert.ok(!isOver(stretch, 15, 16));
});

test("a stretch is played again, looking elsewhere is allowed, and the end of the clip leads back", () => {
  const playback = player();
  const stretch = createStore<Stretch | null>({ start: 10, end: 20 });
  const stop = followLoop(playback, stretch);
  playback.play();
  for (const frame of [11, 19, 20]) playback.run(frame);
  assert.deepEqual(playback.jumps, [10]);
  playback.seek(40);
  playback.play();
  playback.run(41);
  assert.deepEqual(playback.jumps, [10], "played on from where they looked");
  playback.end();
  assert.deepEqual(playback.jumps, [10, 10]);
  assert.ok(playback.playing.get());
  playback.pause();
  assert.deepEqual(playback.jumps, [10, 10], "a pause is a pause");
  stop();
});

test("ends are set in any order and never cross", () => {
  assert.deepEqual(beginningAt(null, 5, 100), { start: 5, end: 100 });
  assert.deepEqual(endingAt({ start: 5, end: 100 }, 50, 100), { start: 5, end: 51 });
  assert.deepEqual(beginningAt({ start: 5, end: 51 }, 60, 100), { start: 60, end: 100 });
  assert.deepEqual(endingAt({ start: 60, end: 100 }, 20, 100), { start: 0, end: 21 });
  assert.deepEqual(beginningAt(null, 99, 100), { start: 98, end: 100 }, "two frames at least");
});

test("a move is played from its preparation until it has settled", () => {
  const move = { limb: "left_hand" as const, kind: "static" as const, from_hold: null, to_hold: null, preparation_start: 30, reach_start: 40, reach_end: 50, settled: 60, distance: 1, confidence: 1 };
  const climb = { unit: "m" as const, torso: 1, holds: [], contacts: [], moves: [move], events: [], attempts: [] };
  assert.deepEqual(stretchOfMove(climb, 45, 100), { start: 30, end: 60 });
  assert.deepEqual(stretchOfMove(climb, 0, 100), { start: 30, end: 60 }, "before the first one: the first");
  assert.equal(stretchOfMove({ ...climb, moves: [] }, 0, 100), null);
});
