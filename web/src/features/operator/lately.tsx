import { formatDuration } from "../../lib/format.ts";
import { language } from "../../lib/language.ts";
import { tierWords } from "../../lib/terms.ts";
import type { Queue } from "./requests.ts";
import { nameOf, words } from "./words.ts";

/** How long jobs took and waited that ended in the last minutes. */
export function Lately({ queue }: { queue: Queue }) {
  const { lately, nothingLately, what, jobsHead, median, p95, took, waited, kinds, states } = words();
  const rows = [
    ...queue.processing.map((one) => ({ ...one, name: took(nameOf(kinds, one.kind), nameOf(states, one.state)) })),
    ...queue.waiting.map((one) => ({ ...one, name: waited(tierWords(one.tier)) })),
  ];
  return (
    <section class="operator-part" aria-labelledby="operator-lately">
      <h2 id="operator-lately">{lately(Math.round(queue.lately_s / 60))}</h2>
      {rows.length === 0 && <p class="operator-soft">{nothingLately}</p>}
      {rows.length > 0 && (
        <table class="operator-table">
          <thead>
            <tr>
              <th scope="col">{what}</th>
              <th scope="col">{jobsHead}</th>
              <th scope="col">{median}</th>
              <th scope="col">{p95}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td>{row.jobs}</td>
                <td>{seconds(row.p50_s)}</td>
                <td>{seconds(row.p95_s)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function oneDecimal(value: number): string {
  return value.toLocaleString(language.get(), { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** Runs are often shorter than a second. */
function seconds(value: number): string {
  return value < 10 ? `${oneDecimal(value)} s` : formatDuration(value);
}
