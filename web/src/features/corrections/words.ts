import { formatClock } from "../../lib/format.ts";
import { wordsIn } from "../../lib/language.ts";
import { landmarkWords, limbWords } from "../../lib/terms.ts";
import { holdNear, type ContactDraft, type DraftedHold } from "./drafts.ts";
import type { Correction } from "./requests.ts";
import { en } from "./words-en.ts";
import { fr } from "./words-fr.ts";

export const words = wordsIn({ en, fr });

/** "Left hand on hold 3, 0:01.20 to 0:02.40." */
export function contactSentence({ limb, start, end, kind, place }: ContactDraft, holds: readonly DraftedHold[], torso: number, timesS: Float64Array): string {
  const { where, contactSays } = words();
  const near = place === null ? null : holdNear(holds, place, torso);
  const there = kind === "hold" ? (near === null ? where.newHold : where.hold(near.number)) : where[kind];
  return contactSays(limbWords(limb), there, clock(timesS, start), clock(timesS, end));
}

/** What one correction says, a line each, with the frame to look at where it has one. */
export function editLines(edits: Correction["edits"], timesS: Float64Array): { text: string; frame: number | null }[] {
  const { where, kinds, contactSays, holdMoved, holdRemoved, pointMoved } = words();
  return [
    ...(edits.keypoints ?? []).map(({ landmark, frame }) => ({ text: pointMoved(landmarkWords(landmark), clock(timesS, frame)), frame })),
    ...(edits.holds ?? []).map(({ to }) => ({ text: to === null ? holdRemoved : holdMoved, frame: null })),
    ...(edits.contacts ?? []).map(({ limb, kind, start_frame: frame, end_frame: end }) => ({
      text: contactSays(limbWords(limb), kind === "none" ? where.none : `→ ${kinds[kind]}`, clock(timesS, frame), clock(timesS, end)),
      frame,
    })),
  ];
}

/** When a frame is shown; the end of the clip for the one after the last. */
function clock(timesS: Float64Array, frame: number): string {
  return formatClock(timesS[Math.min(frame, timesS.length - 1)] ?? 0);
}
