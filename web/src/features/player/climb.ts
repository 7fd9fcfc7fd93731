/** What the climber did, as the result's header says it: docs/guides/result-format.md, "The climb". */

import type { components } from "../../result.gen.ts";
import { asArray, asFinite, asPositive, asRecord, asText, asWhole } from "./checks.ts";
import { ResultFormatError } from "./columns.ts";

export type LimbName = components["schemas"]["Limb"];
export const limbNames = ["left_hand", "right_hand", "left_foot", "right_foot"] as const satisfies readonly LimbName[];

type Schemas = components["schemas"];
/** A place where hands or feet rested; x right, y up on the wall, in the climb's unit. */
export type Hold = Pick<Schemas["UsedHold"], "id" | "x" | "y" | "confidence">;
/** Frames [start, end) in which an end was on the wall or the floor; "unseen": hidden since it was. */
export type Contact = Schemas["Contact"];
/** One end from one contact to the next; the reach is [reach_start, reach_end). */
export type Move = Schemas["Move"];
export type ClimbEvent = Schemas["Event"];
/** A value or a reason, never both. */
export type Measure = Schemas["MeasurePart"];
/** What each limb carries while the body rests in frames [start, end): in body weights, in the order of `limbNames`. */
export type Stance = Schemas["StanceLoads"];
/** Stances or a reason, never both. An estimate. */
export type Loads = Schemas["LimbLoads"];
export type Attempt = Pick<Schemas["AttemptPart"], "attempt" | "measures" | "loads">;
/** What is checked below; the rest is read on the server. */
export type Climb = Omit<Schemas["ClimbPart"], "body" | "holds" | "attempts"> & { holds: Hold[]; attempts: Attempt[] };

/** Throws ResultFormatError where the part is not what the format says, frames beyond the clip included. */
export function checkClimb(value: unknown, frameCount: number): void {
  const climb = asRecord(value, "climb");
  if (climb["unit"] !== "m" && climb["unit"] !== "torso") throw new ResultFormatError("climb: unknown unit");
  asPositive(climb["torso"], "climb torso");
  if (climb["overhang_deg"] != null) asFinite(climb["overhang_deg"], "climb overhang");
  const each = (name: string, check: (entry: Record<string, unknown>) => void) => {
    for (const entry of asArray(climb[name], `climb ${name}`)) check(asRecord(entry, `climb ${name}`));
  };
  const holds = new Set<unknown>();
  each("holds", (hold) => {
    asWhole(hold["id"], "climb holds");
    for (const field of ["x", "y"]) asFinite(hold[field], "climb holds");
    checkConfidence(hold);
    holds.add(hold["id"]);
  });
  each("contacts", (contact) => {
    checkLimb(contact["limb"]);
    checkFrames([contact["start"], contact["end"]], frameCount);
    asText(contact["kind"], "climb contacts");
    checkHold(contact["hold"], holds);
    for (const field of ["x", "y"]) asFinite(contact[field], "climb contacts");
    if (typeof contact["told"] !== "boolean") throw new ResultFormatError("climb contacts: told or read is not said");
    checkConfidence(contact);
  });
  each("moves", (move) => {
    checkLimb(move["limb"]);
    checkFrames([move["preparation_start"], move["reach_start"], move["reach_end"], move["settled"]], frameCount);
    asText(move["kind"], "climb moves");
    for (const end of ["from_hold", "to_hold"]) checkHold(move[end], holds);
    asFinite(move["distance"], "climb moves");
    checkConfidence(move);
  });
  each("events", (event) => {
    asText(event["kind"], "climb events");
    checkFrames([event["start"], event["end"]], frameCount);
    asArray(event["limbs"], "climb events").forEach(checkLimb);
    checkConfidence(event);
  });
  each("attempts", (entry) => checkAttempt(entry, frameCount));
}

function checkAttempt(entry: Record<string, unknown>, frameCount: number): void {
  const attempt = asRecord(entry["attempt"], "climb attempts");
  checkFrames([attempt["start"], attempt["end"]], frameCount);
  asText(attempt["outcome"], "climb attempts");
  asText(attempt["reason"], "climb attempts");
  for (const one of asArray(entry["measures"], "climb measures")) {
    const measure = asRecord(one, "climb measures");
    asText(measure["name"], "climb measures");
    asText(measure["unit"], "climb measures");
    const reason = asText(measure["reason"], "climb measures");
    if (measure["value"] !== null) asFinite(measure["value"], "climb measures");
    if ((measure["value"] === null) !== (reason !== "")) throw new ResultFormatError("climb: a measure has neither value nor reason, or both");
    checkConfidence(measure);
    for (const frames of asArray(measure["frames"], "climb measures")) {
      const bounds = asArray(frames, "climb measures");
      if (bounds.length !== 2) throw new ResultFormatError("climb: frames are not a start and an end");
      checkFrames(bounds, frameCount);
    }
  }
  if (entry["loads"] != null) checkLoads(asRecord(entry["loads"], "climb loads"), frameCount);
}

function checkLoads(loads: Record<string, unknown>, frameCount: number): void {
  const stances = asArray(loads["stances"], "climb loads").map((one) => asRecord(one, "climb loads"));
  if ((stances.length === 0) !== (asText(loads["reason"], "climb loads") !== "")) throw new ResultFormatError("climb: loads have neither stances nor reason, or both");
  checkConfidence(loads);
  checkFrames(stances.flatMap(({ start, end }) => [start, end]), frameCount);
  for (const stance of stances) {
    const carried = asArray(stance["loads"], "climb loads");
    if (carried.length !== limbNames.length) throw new ResultFormatError("climb: loads are not one for each limb");
    for (const load of carried) {
      asFinite(load, "climb loads");
      if ((load as number) < 0) throw new ResultFormatError("climb: a load below nothing");
    }
  }
}

function checkLimb(value: unknown): void {
  if (!(limbNames as readonly unknown[]).includes(value)) throw new ResultFormatError("climb: an unknown limb");
}

function checkHold(value: unknown, known: ReadonlySet<unknown>): void {
  if (value !== null && !known.has(value)) throw new ResultFormatError("climb: a hold that is not listed");
}

function checkConfidence(entry: Record<string, unknown>): void {
  const { confidence } = entry;
  if (typeof confidence !== "number" || !(confidence >= 0 && confidence <= 1)) throw new ResultFormatError("climb: a confidence is not between 0 and 1");
}

/** Bounds in order, none beyond the clip. */
function checkFrames(bounds: readonly unknown[], frameCount: number): void {
  let before = 0;
  for (const bound of bounds) {
    asWhole(bound, "climb frames");
    if ((bound as number) < before || (bound as number) > frameCount) throw new ResultFormatError("climb: frames out of order or beyond the clip");
    before = bound as number;
  }
}
