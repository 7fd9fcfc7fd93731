import { wordsIn } from "./language.ts";
import { en } from "./words-en.ts";
import { fr } from "./words-fr.ts";

export const words = wordsIn({ en, fr });
