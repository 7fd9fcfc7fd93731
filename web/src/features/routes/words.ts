import { formatDay } from "../../lib/format.ts";
import { wordsIn } from "../../lib/language.ts";
import { en } from "./words-en.ts";
import { fr } from "./words-fr.ts";

export const words = wordsIn({ en, fr });

/** "2026-11-23" -> "23 November 2026" */
export const dayWords = (day: string) => formatDay(`${day}T12:00:00`);
