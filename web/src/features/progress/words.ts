import { dateFormat } from "../../lib/formats.ts";
import { wordsIn } from "../../lib/language.ts";
import { en } from "./words-en.ts";
import { fr } from "./words-fr.ts";

export const words = wordsIn({ en, fr });

/** "2026-11-16" -> "16 Nov", or "Nov 2026" for a month. Days are counted in UTC. */
export function dayWords(day: string, per: "day" | "month" = "day"): string {
  const parts = per === "month" ? ({ month: "short", year: "numeric" } as const) : ({ day: "numeric", month: "short" } as const);
  return dateFormat({ ...parts, timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}
