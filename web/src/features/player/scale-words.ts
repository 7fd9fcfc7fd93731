/** What lengths are given in, what that rests on, and how sure they are. */

import { fixedWords, unitWords } from "../../lib/terms.ts";
import { shownValue } from "../../lib/units.ts";
import type { WallScale } from "./wall.ts";
import { words } from "./words.ts";

/** "in meters, ± 4 %" */
export function scaleWords({ unit, error_pct: errorPct }: WallScale): string {
  if (unit === "torso") return words().inTorso;
  return errorPct === null ? words().inMeters : `${words().inMeters}, ±\u00a0${errorPct.toFixed(0)}\u00a0%`;
}

/** "By the climber’s height, ± 6 %, this is 1.23 m." `lengths` in the scale's unit. */
export function lengthWords(lengths: readonly number[], { unit, method, error_pct: errorPct }: WallScale): string {
  const { countsAs, isNow, sources } = words().marking;
  const text = lengths.map((length) => fixedWords(shownValue(length, unit), 2)).join(" × ");
  if (unit === "torso") return countsAs(text);
  const error = errorPct === null ? "" : ` (±\u00a0${errorPct.toFixed(0)}\u00a0%)`;
  return isNow(sources[method], `${text}\u00a0${unitWords("m")}`, error);
}
