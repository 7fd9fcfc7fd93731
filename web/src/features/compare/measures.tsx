import { measureWords, numberWords, unitWords } from "../../lib/terms.ts";
import { shownValue } from "../../lib/units.ts";
import type { Compared, ComparedMeasure } from "./comparison.ts";
import { words } from "./words.ts";

/** Both values and their difference, or why the two are not compared. Folded away: few read all of it. */
export function Measures({ compared: { measures } }: { compared: Compared }) {
  const both = measures.filter(({ reason }) => reason === null);
  const single = measures.filter(({ reason }) => reason !== null);
  return (
    <section class="facts measures compare-measures" data-testid="measures">
      <h2>{words().measures}</h2>
      {both.length === 0 && <p class="facts-note">{words().measuresNone}</p>}
      {both.length > 0 && (
        <details>
          <summary>{words().measuresCount(both.length)}</summary>
          <MeasuresTable measures={both} />
        </details>
      )}
      {single.length > 0 && (
        <details>
          <summary>{words().notCompared(single.length)}</summary>
          <dl>
            {single.map(({ name, reason }) => (
              <div key={name} data-measure={name}>
                <dt>{measureWords(name)}</dt>
                <dd>{reason === null ? "" : words().whyNot[reason]}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}

function MeasuresTable({ measures }: { measures: readonly ComparedMeasure[] }) {
  const { name: measure, difference: gap } = words().measureHead;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{measure}</th>
          <th scope="col">{words().sides.first}</th>
          <th scope="col">{words().sides.second}</th>
          <th scope="col">{gap}</th>
        </tr>
      </thead>
      <tbody>
        {measures.map(({ id, name, unit, first, second, first_confidence, second_confidence, difference }) => (
          <tr key={name} data-measure={name}>
            <th scope="row">
              {measureWords(name)}
              <small>{[id, unitWords(unit), words().sureBoth(Math.min(first_confidence, second_confidence))].filter((part) => part !== "").join(" · ")}</small>
            </th>
            <td>{first === null ? words().absent : numberWords(shownValue(first, unit))}</td>
            <td>{second === null ? words().absent : numberWords(shownValue(second, unit))}</td>
            <td>{difference === null ? words().absent : `${difference > 0 ? "+" : ""}${numberWords(shownValue(difference, unit))}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
