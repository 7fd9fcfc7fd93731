import { language } from "./language.ts";
import { refusalsFr } from "./refusals-fr.ts";

/** The sentence of a refusal or a failure in the reader's language: `detail` is the API's own, in English. */
export function refusalWords({ error, detail }: { error: string; detail: string }): string {
  return (language.get() === "fr" ? refusalsFr[error] : undefined) ?? detail;
}
