/** A length on the wall as people type it, and in meters as the API takes it. */

export type SizeUnit = "cm" | "in";

export interface SizeEntry {
  unit: SizeUnit;
  /** As typed: the distance, or width and height. */
  texts: readonly string[];
}

const mPerUnit: Record<SizeUnit, number> = { cm: 0.01, in: 0.0254 };
const leastM = 0.05;
const mostM = 50;

/** Meters to the millimeter; "bad": empty, no number, or no length on a wall. */
export function sizesIn({ unit, texts }: SizeEntry): number[] | "bad" {
  const meters = texts.map((text) => (text.trim() === "" ? Number.NaN : Math.round(Number(text.trim().replace(",", ".")) * mPerUnit[unit] * 1000) / 1000));
  return meters.every((length) => length >= leastM && length <= mostM) ? meters : "bad";
}

/** `count` fields for what is known already, else empty ones. */
export function sizeEntryOf(sizesM: readonly number[], unit: SizeUnit, count: number): SizeEntry {
  const texts = Array.from({ length: count }, (_, index) => {
    const meters = sizesM[index];
    return meters === undefined ? "" : sizeText(meters, unit);
  });
  return { unit, texts };
}

/** 1.234 -> "123.4" */
export function sizeText(meters: number, unit: SizeUnit): string {
  return String(Math.round((meters / mPerUnit[unit]) * 10) / 10);
}
