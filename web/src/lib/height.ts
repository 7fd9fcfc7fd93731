/** A length of the body as people say it, and in meters as the API takes it. */

import { keepUnits, usualUnits } from "./units.ts";

export type HeightUnit = "cm" | "ft";

export interface HeightEntry {
  unit: HeightUnit;
  /** As typed: centimeters, or feet in `feet` and inches in `inches`. */
  cm: string;
  feet: string;
  inches: string;
}

const mPerInch = 0.0254;
/** What the API takes. */
export const leastM = 0.8;
export const mostHeightM = 2.5;
export const mostSpanM = 2.8;

/** The unit in which a body's lengths are typed. */
export function usualUnit(): HeightUnit {
  return usualUnits() === "imperial" ? "ft" : "cm";
}

/** For the next time. */
export function keepUnit(unit: HeightUnit): void {
  keepUnits(unit === "ft" ? "imperial" : "metric");
}

/** null: nothing typed. "bad": no number, or outside of `leastM` to `mostM`. */
export function metersOf(entry: HeightEntry, mostM: number): number | "bad" | null {
  const typed = entry.unit === "cm" ? [entry.cm] : [entry.feet, entry.inches];
  if (typed.every((text) => text.trim() === "")) return null;
  const numbers = typed.map((text) => (text.trim() === "" ? 0 : Number(text.trim().replace(",", "."))));
  const [first = Number.NaN, inches = 0] = numbers;
  const meters = entry.unit === "cm" ? first / 100 : (first * 12 + inches) * mPerInch;
  // to the millimeter: more is noise of the conversion
  return numbers.every((number) => number >= 0) && meters >= leastM && meters <= mostM ? Math.round(meters * 1000) / 1000 : "bad";
}

export function entryOf(meters: number | null, unit: HeightUnit): HeightEntry {
  const entry = { unit, cm: "", feet: "", inches: "" };
  if (meters === null) return entry;
  if (unit === "cm") return { ...entry, cm: String(Math.round(meters * 1000) / 10) };
  const inches = Math.round(meters / mPerInch);
  return { ...entry, feet: String(Math.floor(inches / 12)), inches: String(inches % 12) };
}

/** 1.74 -> "174 cm" or "5 ft 9 in" */
export function heightWords(meters: number, unit: HeightUnit): string {
  const { cm, feet, inches } = entryOf(meters, unit);
  return unit === "cm" ? `${cm} cm` : `${feet} ft ${inches} in`;
}
