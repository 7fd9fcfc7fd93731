import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { measureWords, numberWords, percentWords, unitWords } from "../../lib/terms.ts";
import { shownValue } from "../../lib/units.ts";
import type { AttemptRead } from "./coaching.ts";
import { words } from "./words.ts";

/** Every number with unit, confidence and source, or why there is none. Folded away: few read all of it. */
export function MeasuresTable({ measures }: { measures: AttemptRead["measures"] }) {
  const known = measures.filter(({ value }) => value !== null);
  const unknown = measures.filter(({ value }) => value === null);
  const { measures: title, measuresKnown, measuresUnknown } = words();
  return (
    <section class="facts measures" data-testid="measures">
      <h2>{title}</h2>
      <Folded summary={measuresKnown(known.length)}>{() => <KnownTable known={known} />}</Folded>
      {unknown.length > 0 && (
        <Folded summary={measuresUnknown(unknown.length)}>
          {() => (
            <dl>
              {unknown.map(({ id, name, reason }) => (
                <div key={name} data-measure={name}>
                  <dt>
                    {measureWords(name)} <small>{id}</small>
                  </dt>
                  <dd>{reasonWords(reason)}</dd>
                </div>
              ))}
            </dl>
          )}
        </Folded>
      )}
    </section>
  );
}

/** Drawn when it is first unfolded: it is a third of the page. */
function Folded({ summary, children }: { summary: string; children: () => ComponentChildren }) {
  const [wasOpen, setWasOpen] = useState(false);
  return (
    <details onToggle={() => setWasOpen(true)}>
      <summary>{summary}</summary>
      {wasOpen && children()}
    </details>
  );
}

function KnownTable({ known }: { known: AttemptRead["measures"] }) {
  const { measureColumns } = words();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{measureColumns.name}</th>
          <th scope="col">{measureColumns.value}</th>
          <th scope="col">{measureColumns.sure}</th>
        </tr>
      </thead>
      <tbody>
        {known.map(({ id, name, value, unit, confidence, source }) => (
          <tr key={name} data-measure={name}>
            <th scope="row">
              {measureWords(name)}
              <small>
                {id} · {source}
              </small>
            </th>
            <td>
              {numberWords(shownValue(value ?? 0, unit))} {unitWords(unit)}
            </td>
            <td>{percentWords(confidence)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The heading says the first half already: "not measurable from this view, because ..." */
function reasonWords(reason: string): string {
  const rest = reason.replace(/^(?:not measurable from this view, because|non mesurable sous cet angle :) /, "");
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}.`;
}
