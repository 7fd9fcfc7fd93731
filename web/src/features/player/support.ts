/**
 * What the body rests on in a frame, and where its center of mass lies over it. All of it comes from the result's contacts
 * and its center of mass: nothing is known of the depth, so this is what the wall shows from the front.
 */

import { limbNames, type Climb } from "./climb.ts";
import { loadsAt } from "./loads.ts";
import { contactsAt, likelyFrom } from "./moments.ts";
import type { Result } from "./result.ts";
import { unitMap } from "./view.ts";
import { applied, type Point } from "./wall.ts";

/** Less than this share of all loads is a touch. */
const touchShare = 0.02;
/** As the overlay: below it the center of mass rests on guesses. */
export const mostlySeenPct = 50;

export interface Bearing {
  /** Where it rests: x right, y up, in the climb's unit. */
  at: Point;
  isFoot: boolean;
  /** Not hidden, and likely. */
  isSure: boolean;
}

export interface Support {
  bearings: Bearing[];
  /** In the same unit; null where the frame has no place on the wall. */
  center: Point | null;
  isCenterSure: boolean;
  /** How far the center of mass lies beside the standing feet: 0 over them, below 0 to the left; null: no foot stands for sure, or no center. */
  besideFeet: number | null;
}

/** null: nobody is seen, nothing is held, or the result knows no contacts. */
export function supportAt(result: Result, frame: number): Support | null {
  const { climb } = result.facts;
  if (climb == null || result.person[frame] !== 1) return null;
  const bearings = bearingsAt(climb, frame);
  if (bearings.length === 0) return null;
  const center = centerAt(result, frame);
  const feet = bearings.filter(({ isFoot, isSure }) => isFoot && isSure).map(({ at }) => at[0]);
  const isCenterSure = (result.centerSeenPct?.[frame] ?? 100) >= mostlySeenPct;
  return { bearings, center, isCenterSure, besideFeet: center === null || feet.length === 0 ? null : beside(center[0], feet) };
}

/** The center of mass on the wall, in the climb's unit; null where nobody is seen or the frame has no place there. */
export function centerAt(result: Result, frame: number): Point | null {
  const map = result.person[frame] === 1 ? unitMap(result, frame) : null;
  if (map === null) return null;
  const place = applied(map, result.centerOfMassPx[frame * 2] ?? 0, result.centerOfMassPx[frame * 2 + 1] ?? 0);
  return place.every(Number.isFinite) ? place : null;
}

/** Ends that are known to carry nothing are left out; where loads are not known, every contact counts. */
function bearingsAt(climb: Climb, frame: number): Bearing[] {
  const now = contactsAt(climb, frame);
  const loads = loadsAt(climb, frame);
  return limbNames.flatMap((limb) => {
    const contact = now[limb];
    if (contact === undefined || (loads !== null && loads[limb] < touchShare)) return [];
    return [{ at: [contact.x, contact.y] as Point, isFoot: limb.endsWith("foot"), isSure: contact.kind !== "unseen" && contact.confidence >= likelyFrom }];
  });
}

function beside(x: number, feet: readonly number[]): number {
  const [left, right] = [Math.min(...feet), Math.max(...feet)];
  if (x < left) return x - left;
  return x > right ? x - right : 0;
}

/** Corners of the smallest area that holds all bearings, in turn; two of them are a line, one is a point (Andrew 1979). */
export function hullOf(bearings: readonly Bearing[]): Bearing[] {
  const inOrder = bearings.toSorted((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1]);
  if (inOrder.length < 3) return inOrder;
  const [below, above] = [chainOf(inOrder), chainOf(inOrder.toReversed())];
  return [...below.slice(0, -1), ...above.slice(0, -1)];
}

/** The side of the hull that turns left all the way. */
function chainOf(bearings: readonly Bearing[]): Bearing[] {
  const chain: Bearing[] = [];
  for (const next of bearings) {
    while (chain.length >= 2 && turn(chain.at(-2), chain.at(-1), next) <= 0) chain.pop();
    chain.push(next);
  }
  return chain;
}

function turn(a: Bearing | undefined, b: Bearing | undefined, c: Bearing): number {
  if (a === undefined || b === undefined) return 1;
  return (b.at[0] - a.at[0]) * (c.at[1] - a.at[1]) - (b.at[1] - a.at[1]) * (c.at[0] - a.at[0]);
}
