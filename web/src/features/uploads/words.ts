import { wordsIn } from "../../lib/language.ts";
import type { Upload } from "./uploads.ts";
import { en } from "./words-en.ts";
import { fr } from "./words-fr.ts";

export const words = wordsIn({ en, fr });

/** How much has been sent, in whole percent. */
export function percentOf({ sentBytes, sizeBytes }: Upload): number {
  return sizeBytes === 0 ? 0 : Math.floor((100 * sentBytes) / sizeBytes);
}
