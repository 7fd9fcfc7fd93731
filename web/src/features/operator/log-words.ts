import { wordsIn } from "../../lib/language.ts";
import { en } from "./log-words-en.ts";
import { fr } from "./log-words-fr.ts";

export const logWords = wordsIn({ en, fr });
