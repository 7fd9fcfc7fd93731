/** A stretch of the clip that is played again and again. */

import type { Store } from "../../lib/store.ts";
import type { Climb } from "./climb.ts";
import { moveAt } from "./moments.ts";
import type { ClipPlayback } from "./playback.ts";

/** Frames [start, end). */
export interface Stretch {
  start: number;
  end: number;
}

/** Shorter ones would only flicker. */
const fewestFrames = 2;

/** The move that is under way, else the last one that has begun, else the first: from its preparation until it has settled. null: there is none. */
export function stretchOfMove(climb: Climb, frame: number, frameCount: number): Stretch | null {
  const move = climb.moves[Math.max(0, moveAt(climb, frame))];
  return move === undefined ? null : withRoom(move.preparation_start, Math.max(move.settled, move.reach_end), frameCount);
}

/** It begins here now; it ends where it did, or with the clip. */
export function beginningAt(stretch: Stretch | null, frame: number, frameCount: number): Stretch {
  const end = stretch !== null && stretch.end > frame ? stretch.end : frameCount;
  return withRoom(frame, end, frameCount);
}

/** It ends with this frame now; it begins where it did, or with the clip. */
export function endingAt(stretch: Stretch | null, frame: number, frameCount: number): Stretch {
  const start = stretch !== null && stretch.start < frame ? stretch.start : 0;
  return withRoom(start, frame + 1, frameCount);
}

/** So long at least that it does not flicker, and inside the clip. */
export function withRoom(start: number, end: number, frameCount: number): Stretch {
  const inside = Math.max(0, Math.min(start, frameCount - fewestFrames));
  return { start: inside, end: Math.min(frameCount, Math.max(end, inside + fewestFrames)) };
}

/**
 * Whether the stretch begins anew with this frame. Only who was inside is taken back: whoever goes elsewhere may look
 * around there, and is in the loop again as soon as the clip runs into it.
 */
export function isOver({ start, end }: Stretch, before: number, now: number): boolean {
  return before >= start && before < end && now >= end;
}

/** From the beginning of the stretch, again and again. */
export function startLoop(playback: ClipPlayback, stretch: Store<Stretch | null>, found: Stretch | null): void {
  if (found === null) return;
  stretch.set(found);
  playback.jump(found.start);
  playback.play();
}

/** Keeps a playback in its stretch while it plays; returns how to stop. */
export function followLoop(playback: ClipPlayback, stretch: Store<Stretch | null>): () => void {
  let before = playback.frame.get();
  const onFrame = () => {
    const now = playback.frame.get();
    const current = stretch.get();
    if (current !== null && playback.playing.get() && isOver(current, before, now)) playback.jump(current.start);
    before = now;
  };
  // the end of the clip stops it: with a stretch there is more to play
  const onPlaying = () => {
    const current = stretch.get();
    if (current === null || playback.playing.get() || !playback.isAtEnd()) return;
    playback.jump(current.start);
    playback.play();
  };
  const stops = [playback.frame.subscribe(onFrame), playback.playing.subscribe(onPlaying)];
  return () => stops.forEach((stop) => stop());
}
