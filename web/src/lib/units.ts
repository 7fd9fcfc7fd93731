/** In which units lengths and masses are read and typed. The account keeps what was chosen. */

import { recall, remember } from "./memory.ts";
import { createStore } from "./store.ts";

export const unitSystems = ["metric", "imperial"] as const;
export type Units = (typeof unitSystems)[number];

const key = "ascension.units";
const mPerFoot = 0.3048;

/** What is on screen is written in these: set, and the page is drawn anew. Metric until somebody chose. */
export const units = createStore<Units>(chosen() ?? "metric");

function chosen(): Units | undefined {
  const known = recall(key);
  return unitSystems.find((one) => one === known);
}

/** What fields begin with: the units that were chosen last on this device, else those of the reader's country. */
export function usualUnits(): Units {
  return chosen() ?? (/^en-(US|LR)/.test(navigator.language) ? "imperial" : "metric");
}

/** For the next time; what stands on screen stays. */
export function keepUnits(next: Units): void {
  remember(key, next);
}

export function setUnits(next: Units): void {
  keepUnits(next);
  units.set(next);
}

const shown: Readonly<Record<string, string>> = { m: "ft", "m/s": "ft/s" };

/** The unit in which a measure of the API is shown: "m" -> "ft" for whoever reads feet. */
export function shownUnit(unit: string): string {
  return (units.get() === "imperial" ? shown[unit] : undefined) ?? unit;
}

/** Its value in that unit. */
export function shownValue(value: number, unit: string): number {
  return shownUnit(unit) === unit ? value : value / mPerFoot;
}
