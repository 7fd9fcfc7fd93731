/** What each hand and foot carries in a frame: an estimate from statics, see docs/guides/result-format.md, "Loads". */

import { limbNames, type Climb, type LimbName } from "./climb.ts";

/** Shares of all loads, 0-1, of the stance that this frame is in; null: nothing is estimated for it. */
export function loadsAt({ attempts }: Climb, frame: number): Record<LimbName, number> | null {
  const stances = attempts.flatMap(({ loads }) => loads?.stances ?? []);
  const stance = stances.find(({ start, end }) => start <= frame && frame < end);
  const sum = stance?.loads.reduce((all, load) => all + load, 0) ?? 0;
  if (stance === undefined || sum === 0) return null;
  return Object.fromEntries(limbNames.map((limb, place) => [limb, (stance.loads[place] ?? 0) / sum])) as Record<LimbName, number>;
}

/** "known": some stance has loads. Otherwise why none has: nothing is stored, the angle is not told, or the climb does not allow it. */
export function loadsStateOf({ attempts }: Climb): "known" | "old" | "no angle" | "none" {
  const all = attempts.flatMap(({ loads }) => loads ?? []);
  if (all.some(({ stances }) => stances.length > 0)) return "known";
  if (all.length === 0 && attempts.length > 0) return "old";
  return all.some(({ reason }) => reason === "wall_angle_not_told") ? "no angle" : "none";
}
