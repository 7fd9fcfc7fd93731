/** What to change before it is too late. Light and sharpness as the analysis judges them, size by what moves. */
import { limits } from "./limits.gen.ts";
import type { Light } from "./looks.ts";

export type Hint = "dark" | "flat" | "blurred" | "small" | "large" | "tilted";

export interface Sight {
  light: Light;
  sharpness: number;
  /** How much of the picture's height moved during the last seconds, 0-1; null where too little did. */
  movedShare: number | null;
  /** Of the clip as it is recorded. */
  heightPx: number;
  /** Of the phone against the horizon; null where no sensor says it. */
  tiltDeg: number | null;
}

/** Shoulders to hips, of a body from head to feet (Winter 2009, table 4.1: 0.29 of 0.96 of the height). */
const torsoShare = 0.3;
export const tiltedDeg = 8;

/** The most important first. */
export function hintsOf({ light, sharpness, movedShare, heightPx, tiltDeg }: Sight): Hint[] {
  const found: Hint[] = [];
  if (light.brightness < limits.dark) found.push("dark");
  else if (light.contrast < limits.flat) found.push("flat");
  else if (sharpness < limits.blurred) found.push("blurred");
  if (movedShare !== null && movedShare > limits.large) found.push("large");
  if (movedShare !== null && torsoShare * movedShare * heightPx < limits.smallTorsoPx) found.push("small");
  if (tiltDeg !== null && Math.abs(tiltDeg) > tiltedDeg) found.push("tilted");
  return found;
}

/** How long a hint has to hold before it is said: somebody who walks past is no reason. */
const holdsTimes = 3;

/** Keeps the screen calm: what was seen three times in a row, until it is gone three times in a row. */
export function steadyHints(): (seen: readonly Hint[]) => Hint[] {
  const runs = new Map<Hint, number>();
  let said: Hint[] = [];
  return (seen) => {
    for (const hint of new Set([...runs.keys(), ...seen])) {
      const run = runs.get(hint) ?? 0;
      runs.set(hint, Math.max(0, Math.min(2 * holdsTimes, run + (seen.includes(hint) ? 1 : -1))));
    }
    const isSaid = (hint: Hint) => (runs.get(hint) ?? 0) >= (said.includes(hint) ? 1 : holdsTimes);
    said = [...new Set([...said, ...seen])].filter(isSaid);
    return said;
  };
}
