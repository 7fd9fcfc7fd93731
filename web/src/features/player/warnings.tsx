import "./facts.css";

import type { ResultFacts } from "./result.ts";
import { toldIn } from "./told.ts";
import { words } from "./words.ts";

/** What to know about the numbers of this clip, and how to film better: a title each, then the sentence of the result. */
export function Warnings({ warnings }: { warnings: ResultFacts["warnings"] }) {
  if (warnings.length === 0) return null;
  return (
    <section class="facts warnings">
      <h2>{words().clip}</h2>
      <ul data-testid="warnings">
        {warnings.map(({ code, detail, detail_in: others }, place) => {
          const { text, lang } = toldIn(detail, others);
          return (
            <li key={`${code} ${place}`} data-code={code}>
              <h3>{titleOf(code)}</h3>
              <p lang={lang}>{text}</p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** A code that this client does not know is shown as words. */
function titleOf(code: string): string {
  const known: Readonly<Record<string, string>> = words().warnings;
  const plain = code.replaceAll("_", " ");
  return known[code] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}
