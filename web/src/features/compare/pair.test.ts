import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { createStore } from "../../lib/store.ts";
import { followLoop, startLoop, type Stretch } from "../player/loop.ts";
import { followClock } from "../player/playback.ts";
import type { Reel } from "../player/result.ts";
import { followPair } from "./pair.ts";
import { trackOf, type Pieces } from "./track.ts";

const fps = 30;
const repaintMs = 1000 / 60;
let waiting = new Map<number, FrameRequestCallback>();
let nowMs = 0;

/** The browser's repaints, on a clock that the test moves. */
beforeEach(() => {
  let requests = 0;
  waiting = new Map();
  nowMs = 0;
  globalThis.requestAnimationFrame = (callback) => {
    requests += 1;
    waiting.set(requests, callback);
    return requests;
  };
  globalThis.cancelAnimationFrame = (request) => void waiting.delete(request);
});
afterEach(() => waiting.clear());

function repaint(forMs = repaintMs): void {
  nowMs += forMs;
  const due = [...waiting.values()];
  waiting.clear();
  for (const callback of due) callback(nowMs);
}

function reel(frameCount: number): Reel {
  return { frameCount, timesS: Float64Array.from({ length: frameCount }, (_, frame) => frame / fps) };
}

function pairOf(pieces: Pieces, firstCount: number, secondCount: number) {
  const [first, second] = [reel(firstCount), reel(secondCount)];
  const track = trackOf(pieces, first, second);
  const runners = { first: { playback: followClock(first.timesS), reel: first }, second: { playback: followClock(second.timesS), reel: second } };
  return { pair: followPair(runners, track), track, runners };
}

const paused: Pieces = [
  { kind: "both", knots: [[0, 0], [45, 45]] },
  { kind: "second_only", knots: [[45, 45], [45, 105]] },
  { kind: "both", knots: [[45, 105], [90, 130]] },
];

test("both keep to the track to their ends: one waits through the other's pause, then the quicker is slowed down", () => {
  const { pair, track, runners } = pairOf(paused, 90, 130);
  pair.play();
  let worst = 0;
  let repaints = 0;
  while (pair.playing.get()) {
    repaint();
    repaints += 1;
    assert.ok(repaints < 1000, "it never ends");
    for (const name of ["first", "second"] as const) worst = Math.max(worst, Math.abs(runners[name].playback.frame.get() - (track.frames[name][pair.position.get()] ?? 0)));
  }
  assert.ok(worst <= 4, `${worst} frames apart`);
  assert.ok(Math.abs((repaints * repaintMs) / 1000 - (track.timesS.at(-1) ?? 0)) < 0.2);
  assert.deepEqual([runners.first.playback.frame.get(), runners.second.playback.frame.get()], [89, 129]);
  pair.play(); // from the start again
  repaint();
  assert.ok(pair.position.get() < 3);
});

test("at rest both show exactly their frame of the step, also after a pause in between", () => {
  const { pair, track, runners } = pairOf(paused, 90, 130);
  pair.seek(70);
  assert.deepEqual([runners.first.playback.frame.get(), runners.second.playback.frame.get()], [45, 70]);
  pair.play();
  for (let count = 0; count < 40; count += 1) repaint();
  pair.pause();
  const step = pair.position.get();
  assert.ok(step > 70);
  assert.deepEqual([runners.first.playback.frame.get(), runners.second.playback.frame.get()], [track.frames.first[step], track.frames.second[step]]);
  assert.equal(pair.playing.get(), false);
});

test("half the speed takes twice the time, and a page that slept goes on where it was", () => {
  const { pair, track } = pairOf([{ kind: "both", knots: [[0, 0], [60, 60]] }], 61, 61);
  pair.setSpeed(0.5);
  pair.play();
  for (let count = 0; count < 120; count += 1) repaint();
  assert.ok(Math.abs((track.timesS[pair.position.get()] ?? 0) - 1) < 0.1);
  const before = pair.position.get();
  repaint(5000);
  assert.equal(pair.position.get(), before);
  assert.equal(pair.playing.get(), true);
  repaint();
  repaint();
  assert.ok(pair.position.get() >= before);
});

test("a stretch is played again and again, also one that ends with the clips, until somebody goes elsewhere", () => {
  const { pair, track } = pairOf(paused, 90, 130);
  const stretch = createStore<Stretch | null>(null);
  const unfollow = followLoop(pair, stretch);
  for (const [start, end] of [[20, 40], [100, track.frameCount]] as const) {
    startLoop(pair, stretch, { start, end });
    let rounds = 0;
    let before = pair.position.get();
    for (let count = 0; count < 300; count += 1) {
      repaint();
      const now = pair.position.get();
      assert.ok(pair.playing.get() && now >= start && now <= end, `${now} is outside`);
      if (now < before) rounds += 1;
      before = now;
    }
    assert.ok(rounds >= 2, `${rounds} rounds`);
    assert.equal(waiting.size <= 3, true, "one repaint is asked for, and one for each clip");
  }
  pair.seek(track.frameCount - 1);
  assert.equal(pair.playing.get(), false, "whoever goes to the end stays there");
  unfollow();
});
