import { language } from "./language.ts";
import { againInFr, refusalsFr } from "./refusals-fr.ts";

/**
 * The sentence of a refusal or a failure in the reader's language: `detail` is the API's own, in English.
 * `againS`: what is refused now will be possible then; the API's own words tell it already.
 */
export function refusalWords({ error, detail }: { error: string; detail: string }, againS: number | null = null): string {
  const french = language.get() === "fr" ? refusalsFr[error] : undefined;
  if (french === undefined) return detail;
  return againS === null ? french : `${french} ${againInFr(againS)}`;
}
