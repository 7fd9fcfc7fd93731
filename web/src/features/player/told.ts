import { language, type Language } from "../../lib/language.ts";

/** A sentence of a result in other languages than English, by language. */
type Told = Readonly<Record<string, string>>;

/** In the reader's language; in English where a result has no other. `lang`: for the element that shows it. */
export function toldIn(english: string, others: Told | undefined): { text: string; lang: Language | undefined } {
  const spoken = language.get();
  const text = others?.[spoken];
  return text === undefined ? { text: english, lang: spoken === "en" ? undefined : "en" } : { text, lang: undefined };
}
