import { createStore } from "../../lib/store.ts";
import { frameAt } from "../player/frames.ts";
import type { ClipPlayback, Playback } from "../player/playback.ts";
import type { Reel } from "../player/result.ts";
import { sideNames, type SideName } from "./comparison.ts";
import { clipTimeS, type Track } from "./track.ts";

export interface Runner {
  playback: Playback;
  reel: Reel;
}

/** Both clips are steered towards where they shall be so much later. */
const aheadS = 0.25;
/** Whoever is behind by more is waited for. */
const patienceS = 0.3;
/** The page was in the background for so long that the clips ran on without the clock. */
const asleepS = 0.5;
/** Browsers refuse less than 0.0625; below this a clip stands until it is behind. */
const slowest = 0.07;
const fastest = 4;
/** Changes of speed that are too small to be worth a word to the browser. */
const evenShare = 0.08;

/**
 * Two clips as one: its frames are the steps of the track. A clock runs along the track, each clip is slowed down or halted
 * to keep up with it, and the clock waits for a clip whose pictures do not come.
 */
export function followPair(runners: Record<SideName, Runner>, track: Track): ClipPlayback {
  const position = createStore(0);
  const playing = createStore(false);
  const speed = createStore(1);
  const last = track.frameCount - 1;
  const endS = track.timesS[last] ?? 0;
  const wantedS = (name: SideName, thenS: number) => clipTimeS(track, name, runners[name].reel, Math.min(endS, thenS));
  let atS = 0;

  const stop = () => {
    repaints.stop();
    playing.set(false);
  };
  const jump = (step: number) => {
    const inside = Math.max(0, Math.min(last, step));
    atS = track.timesS[inside] ?? 0;
    for (const name of sideNames) runners[name].playback.seek(track.frames[name][inside] ?? 0);
    position.set(inside);
  };
  const seek = (step: number) => {
    stop();
    jump(step);
  };
  const isAtEnd = () => atS >= endS;
  const run = () => {
    for (const name of sideNames) steer(runners[name], wantedS(name, atS + aheadS * speed.get()));
    repaints.next();
  };
  const play = () => {
    if (position.get() >= last) seek(0);
    repaints.begin();
    playing.set(true);
    run(); // at once, while the browser still counts it as the climber's own wish
  };
  const repaints = createRepaints((passedS) => {
    if (passedS > asleepS) {
      seek(position.get());
      play();
      return;
    }
    const isBehind = sideNames.some((name) => wantedS(name, atS) - runners[name].playback.mediaTimeS() > patienceS);
    if (!isBehind) atS += passedS * speed.get();
    if (isAtEnd()) jump(last);
    else position.set(frameAt(track.timesS, atS));
    if (isAtEnd()) stop(); // else whoever heard of the step went elsewhere
    else if (playing.get()) run();
  });

  seek(0);
  const pause = () => seek(position.get()); // at rest both show exactly their frame of the step
  const setSpeed = (next: number) => speed.set(next);
  return { frame: position, position, playing, speed, mediaTimeS: () => atS, play, pause, seek, jump, isAtEnd, setSpeed, close: repaints.stop };
}

/** Calls back at the next repaint, with the seconds since the one before; 0 after `begin`. */
function createRepaints(onRepaint: (passedS: number) => void): Record<"begin" | "next" | "stop", () => void> {
  let lastMs: number | null = null;
  let request = 0;
  const repaint = (nowMs: number) => {
    const passedS = lastMs === null ? 0 : (nowMs - lastMs) / 1000;
    lastMs = nowMs;
    onRepaint(passedS);
  };
  const stop = () => cancelAnimationFrame(request);
  const begin = () => {
    stop();
    lastMs = null;
  };
  return { begin, next: () => void (request = requestAnimationFrame(repaint)), stop };
}

/** Gives a clip the speed that brings it to `wantedS` in `aheadS`, or lets it stand. */
function steer({ playback, reel }: Runner, wantedS: number): void {
  const frame = playback.frame.get();
  const beginS = playback.mediaTimeS();
  const endS = reel.timesS[frame + 1];
  const shownS = endS === undefined ? beginS : (beginS + endS) / 2; // a picture stands for all of its time
  const rate = (wantedS - shownS) / aheadS;
  const isLast = frame >= reel.frameCount - 1;
  if (rate < slowest || isLast) {
    if (playback.playing.get()) playback.pause();
    return;
  }
  const next = Math.min(fastest, rate);
  if (Math.abs(next - playback.speed.get()) > evenShare * playback.speed.get()) playback.setSpeed(next);
  if (!playback.playing.get()) playback.play();
}
