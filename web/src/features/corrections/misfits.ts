import type { Result } from "../player/result.ts";
import type { Correction } from "./requests.ts";

/** As src/ascension/climbing/correcting.py has it, in torso lengths. */
const nearTorso = 0.3;

/**
 * Which corrections name somebody or a hold that the result on screen does not have; the newest where none does, since
 * the older ones fitted before it came. A guess: the work itself says only that something did not fit.
 */
export function misfits(items: readonly Correction[], { facts: { climb }, person }: Result): string[] {
  const reach = nearTorso * (climb?.torso ?? 0);
  const isHold = ([x = Number.NaN, y = Number.NaN]: readonly number[]) => climb?.holds.some((hold) => Math.hypot(hold.x - x, hold.y - y) <= reach) === true;
  const odd = items.filter(
    ({ edits: { keypoints, holds } }) =>
      (keypoints ?? []).some(({ frame }) => person[frame] !== 1) || (holds ?? []).some(({ at, to }) => to !== null && !isHold(at) && !isHold(to)),
  );
  const last = items.at(-1);
  return (odd.length > 0 || last === undefined ? odd : [last]).map(({ id }) => id);
}
