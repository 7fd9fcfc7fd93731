import { dateFormat } from "../../lib/formats.ts";
import { wordsIn } from "../../lib/language.ts";
import { en } from "./words-en.ts";
import { fr } from "./words-fr.ts";

export const words = wordsIn({ en, fr });

const format = (day: string, parts: Intl.DateTimeFormatOptions) => dateFormat({ ...parts, timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));

/** "Monday 23 November" */
export const dayWords = (day: string) => format(day, { weekday: "long", day: "numeric", month: "long" });
/** "November 2026" */
export const monthWords = (day: string) => format(day, { month: "long", year: "numeric" });
/** ["Monday", "M"], ... */
export const weekdays = () => Array.from({ length: 7 }, (_, weekday) => `2026-11-${String(2 + weekday).padStart(2, "0")}`).map((day) => [format(day, { weekday: "long" }), format(day, { weekday: "narrow" })] as const);
