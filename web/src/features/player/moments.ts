/** Which contacts, moves and events belong to a frame, and which frames are worth going to. */

import { limbNames, type Climb, type Contact, type LimbName } from "./climb.ts";

/** Below it a statement is drawn as a doubt. */
export const sureFrom = 0.75;
export const likelyFrom = 0.5;

export type Certainty = "sure" | "likely" | "doubtful";

export function certaintyOf(confidence: number): Certainty {
  if (confidence >= sureFrom) return "sure";
  return confidence >= likelyFrom ? "likely" : "doubtful";
}

/** From a hold's id to its number: the order of first use, from 1, as the reports count. */
export function holdNumbers({ contacts }: Climb): ReadonlyMap<number, number> {
  const inOrder = contacts.toSorted((a, b) => a.start - b.start || limbNames.indexOf(a.limb) - limbNames.indexOf(b.limb));
  const numbers = new Map<number, number>();
  for (const { hold } of inOrder) if (hold !== null && !numbers.has(hold)) numbers.set(hold, numbers.size + 1);
  return numbers;
}

/** The contact of each limb in this frame; undefined: the limb is on its way. */
export function contactsAt({ contacts }: Climb, frame: number): Partial<Record<LimbName, Contact>> {
  const found: Partial<Record<LimbName, Contact>> = {};
  for (const contact of contacts) if (contact.start <= frame && frame < contact.end) found[contact.limb] = contact;
  return found;
}

/** The place in the list of the move that is under way; otherwise of the last one that has begun. -1: none yet. */
export function moveAt({ moves }: Climb, frame: number): number {
  let found = -1;
  moves.forEach(({ reach_start: start }, place) => {
    if (start <= frame && start >= (moves[found]?.reach_start ?? 0)) found = place;
  });
  return found;
}

/** Frames in which something begins, in order, each once. */
export function changesOf({ contacts, moves, events }: Climb): number[] {
  const starts = [...contacts.map(({ start }) => start), ...moves.map((move) => move.reach_start), ...events.map(({ start }) => start)];
  return [...new Set(starts)].sort((a, b) => a - b);
}

/** The nearest change before (-1) or after (1) a frame; the frame itself where there is none. */
export function neighborChange(changes: readonly number[], frame: number, direction: -1 | 1): number {
  return (direction === 1 ? changes.find((at) => at > frame) : changes.findLast((at) => at < frame)) ?? frame;
}

/** The frame below a place on a bar, given as a share of its width. */
export function frameAtShare(share: number, frameCount: number): number {
  return Math.max(0, Math.min(frameCount - 1, Math.floor(share * frameCount)));
}

/** Which labels find room in one row, each `width` wide at `at` (shares of the row): the more important ones first. */
export function withRoom(labels: readonly { at: number; width: number; weight: number }[]): boolean[] {
  const taken: [number, number][] = [];
  const shown = labels.map(() => false);
  const byWeight = [...labels.entries()].sort(([, a], [, b]) => b.weight - a.weight || a.at - b.at);
  for (const [place, { at, width }] of byWeight) {
    if (taken.some(([left, right]) => at < right && left < at + width)) continue;
    taken.push([at, at + width]);
    shown[place] = true;
  }
  return shown;
}
