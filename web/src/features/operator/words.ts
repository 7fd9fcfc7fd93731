import { wordsIn } from "../../lib/language.ts";
import { en } from "./words-en.ts";
import { fr } from "./words-fr.ts";

export const words = wordsIn({ en, fr });

/** A kind, tier or state in words; one that this client does not know is shown by its name. */
export function nameOf(known: Readonly<Record<string, string>>, name: string): string {
  return known[name] ?? name.replaceAll("_", " ");
}
