import { measureWords, numberWords, percentWords, unitWords } from "../../lib/terms.ts";
import type { AttemptRead } from "./coaching.ts";

/** Every number with unit, confidence and source, or why there is none. Folded away: few read all of it. */
export function MeasuresTable({ measures }: { measures: AttemptRead["measures"] }) {
  const known = measures.filter(({ value }) => value !== null);
  const unknown = measures.filter(({ value }) => value === null);
  return (
    <section class="facts measures" data-testid="measures">
      <h2>Measures</h2>
      <details>
        <summary>{known.length} measured</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">Measure</th>
              <th scope="col">Value</th>
              <th scope="col">Sure</th>
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
                  {numberWords(value ?? 0)} {unitWords(unit)}
                </td>
                <td>{percentWords(confidence)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
      {unknown.length > 0 && (
        <details>
          <summary>{unknown.length} not measurable, because …</summary>
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
        </details>
      )}
    </section>
  );
}

/** The heading says the first half already: "not measurable from this view, because ..." */
function reasonWords(reason: string): string {
  const rest = reason.replace(/^not measurable from this view, because /, "");
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}.`;
}
