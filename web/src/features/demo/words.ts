import { wordsIn } from "../../lib/language.ts";
import { en } from "./words-en.ts";
import { fr } from "./words-fr.ts";

export const words = wordsIn({ en, fr });
