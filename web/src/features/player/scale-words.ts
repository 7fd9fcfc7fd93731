/** What lengths are given in, what that rests on, and how sure they are. */

import type { WallScale } from "./wall.ts";
import { words } from "./words.ts";

const sources: Record<WallScale["method"], string> = {
  corners: "the rectangle",
  distance: "the distance",
  height: "the climber’s height",
  none: "nothing",
};

/** "in meters, ± 4 %" */
export function scaleWords({ unit, error_pct: errorPct }: WallScale): string {
  if (unit === "torso") return words().inTorso;
  return errorPct === null ? words().inMeters : `${words().inMeters}, ±\u00a0${errorPct.toFixed(0)}\u00a0%`;
}

/** "By the climber’s height, ± 6 %, this is 1.23 m." `lengths` in the scale's unit. */
export function lengthWords(lengths: readonly number[], { unit, method, error_pct: errorPct }: WallScale): string {
  const text = lengths.map((length) => length.toFixed(2)).join(" × ");
  if (unit === "torso") return `Now this counts as ${text} torso lengths.`;
  const error = errorPct === null ? "" : ` (±\u00a0${errorPct.toFixed(0)}\u00a0%)`;
  return `By ${sources[method]} this is ${text}\u00a0m now${error}.`;
}
