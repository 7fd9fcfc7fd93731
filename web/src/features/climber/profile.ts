/** What a climber tells about their body, as typed and as the API takes it. */

import type { components } from "../../client.gen.ts";
import type { Choices } from "../../lib/api.ts";
import { entryOf, metersOf, mostHeightM, mostSpanM, type HeightEntry, type HeightUnit } from "../../lib/height.ts";

export type Profile = components["schemas"]["ClimberProfile-Output"];
export type Limb = components["schemas"]["Limb"];
export type Sex = NonNullable<Profile["sex"]>;
export type Level = NonNullable<Profile["level"]>;
export type LimbState = "there" | "injured" | "missing";

export const limbs: readonly Limb[] = ["left_hand", "right_hand", "left_foot", "right_foot"];

/** The fields of the form. */
export interface Entry {
  height: HeightEntry;
  span: HeightEntry;
  mass: { unit: MassUnit; text: string };
  sex: Sex | null;
  level: Level | null;
  limbs: Record<Limb, LimbState>;
}

export type MassUnit = "kg" | "lb";
export const massRangeKg = [10, 250] as const;
const kgPerUnit: Record<MassUnit, number> = { kg: 1, lb: 0.453_592_37 };

/** null: nothing typed. "bad": no mass of a body. In kilograms, to 10 g: pounds come back as they were typed. */
export function kilogramsOf({ unit, text }: Entry["mass"]): number | "bad" | null {
  if (text.trim() === "") return null;
  const kilograms = Number(text.trim().replace(",", ".")) * kgPerUnit[unit];
  const [least, most] = massRangeKg;
  return kilograms >= least && kilograms <= most ? Math.round(kilograms * 100) / 100 : "bad";
}

export function massEntryOf(kilograms: number | null, unit: MassUnit): Entry["mass"] {
  return { unit, text: kilograms === null ? "" : String(Math.round((kilograms / kgPerUnit[unit]) * 10) / 10) };
}

const massUnits: Record<HeightUnit, MassUnit> = { cm: "kg", ft: "lb" };

/** Who goes from feet to centimeters weighs in kilograms, too: a mass in the other unit would be read wrong. */
export function massLike({ mass }: Pick<Entry, "mass">, before: HeightEntry, next: HeightEntry): Partial<Pick<Entry, "mass">> {
  const unit = massUnits[next.unit];
  if (before.unit === next.unit || mass.unit === unit) return {};
  const kilograms = kilogramsOf(mass);
  return { mass: kilograms === "bad" ? { ...mass, unit } : massEntryOf(kilograms, unit) };
}

export function formOf(profile: Profile, unit: HeightUnit, massUnit: MassUnit = massUnits[unit]): Entry {
  const stateOf = (limb: Limb): LimbState => (profile.missing?.includes(limb) === true ? "missing" : profile.injured?.includes(limb) === true ? "injured" : "there");
  return {
    height: entryOf(profile.height_m ?? null, unit),
    span: entryOf(profile.arm_span_m ?? null, unit),
    mass: massEntryOf(profile.mass_kg ?? null, massUnit),
    sex: profile.sex ?? null,
    level: profile.level ?? null,
    limbs: Object.fromEntries(limbs.map((limb) => [limb, stateOf(limb)])) as Entry["limbs"],
  };
}

export type Field = "height" | "span" | "mass";

/** What to send, or the fields that cannot be sent. Untouched numbers are as they were told, which inches may not say. */
export function profileOf(entry: Entry, begun: Entry, before: Profile): { profile: Profile } | { bad: Field[] } {
  const heightM = entry.height === begun.height ? (before.height_m ?? null) : metersOf(entry.height, mostHeightM);
  const spanM = entry.span === begun.span ? (before.arm_span_m ?? null) : metersOf(entry.span, mostSpanM);
  const massKg = entry.mass === begun.mass ? (before.mass_kg ?? null) : kilogramsOf(entry.mass);
  const bad = ([["height", heightM], ["span", spanM], ["mass", massKg]] as const).filter(([, value]) => value === "bad").map(([field]) => field);
  if (heightM === "bad" || spanM === "bad" || massKg === "bad") return { bad };
  const inState = (state: LimbState) => limbs.filter((limb) => entry.limbs[limb] === state);
  return { profile: { height_m: heightM, arm_span_m: spanM, mass_kg: massKg, sex: entry.sex, level: entry.level, missing: inState("missing"), injured: inState("injured") } };
}

/** An analysis was asked with this body. */
export function isSameBody(profile: Profile, { body, body_height_m: heightM }: Choices): boolean {
  const told = (one: Partial<Profile> | null | undefined, height: number | null | undefined) =>
    JSON.stringify([height ?? null, one?.arm_span_m ?? null, one?.mass_kg ?? null, one?.sex ?? null, one?.level ?? null, [...(one?.missing ?? [])].sort(), [...(one?.injured ?? [])].sort()]);
  return told(profile, profile.height_m) === told(body, heightM);
}

export function isEmpty(profile: Profile): boolean {
  return isSameBody(profile, {});
}
