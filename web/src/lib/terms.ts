/** What the parts of a climb are called, and how its numbers are written. */

import type { components } from "../client.gen.ts";
import { numberFormat } from "./formats.ts";
import { language, wordsIn } from "./language.ts";
import { en } from "./terms-en.ts";
import { fr } from "./terms-fr.ts";
import { shownUnit, shownValue } from "./units.ts";

type Limb = components["schemas"]["Limb"];

const terms = wordsIn({ en, fr });

export const limbWords = (limb: Limb) => terms().limbs[limb];
export const limbShortWords = (limb: Limb) => terms().limbsShort[limb];
export const moveWords = (kind: string) => known(terms().moves, kind);
export const eventWords = (kind: string) => known(terms().events, kind);
export const outcomeWords = (outcome: string) => known(terms().outcomes, outcome);
export const tierWords = (tier: string) => known(terms().tiers, tier);
export const axisWords = (axis: string) => known(terms().axes, axis);
export const axisReasonWords = (reason: string) => known(terms().axisReasons, reason);
export const measureWords = (name: string) => known(terms().measures, name);
export const landmarkWords = (name: string) => known(terms().landmarks, name);
/** Of what `shownValue` gives. */
export const unitWords = (unit: string) => (terms().units as Readonly<Record<string, string>>)[shownUnit(unit)] ?? shownUnit(unit);

/** A word that this client does not know: "left_picture" -> "left picture". */
function known(words: Readonly<Record<string, string>>, code: string): string {
  return words[code] ?? code.replaceAll("_", " ");
}

/** What begins a line begins with a capital letter. */
export function capitalized(words: string): string {
  return words.slice(0, 1).toLocaleUpperCase(language.get()) + words.slice(1);
}

/** Three digits that count, no more: 0.3266 -> "0.327", 29420 -> "29,420". */
export function numberWords(value: number): string {
  const digits = { maximumSignificantDigits: Math.abs(value) < 1000 ? 3 : 21, maximumFractionDigits: 3, roundingPriority: "lessPrecision", signDisplay: "negative" } as const;
  return numberFormat(digits).format(value).replace("-", "−");
}

/** Always so many decimals: 2.1, 1 -> "2.1", in French "2,1". */
export function fixedWords(value: number, decimals: number): string {
  return numberFormat({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value).replace("-", "−");
}

/** 0.345 m -> "0.35 m", or "1.13 ft"; lengths of moves. */
export function lengthWords(length: number, unit: "m" | "torso"): string {
  return `${fixedWords(shownValue(length, unit), 2)}\u00a0${unit === "m" ? unitWords("m") : terms().torso}`;
}

export function percentWords(share: number): string {
  return `${Math.round(100 * share)}\u00a0%`;
}
