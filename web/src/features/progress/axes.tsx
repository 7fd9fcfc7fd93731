import { useState } from "preact/hooks";

import type { Progress } from "../../lib/api.ts";
import { axisWords, fixedWords } from "../../lib/terms.ts";
import { dateShares } from "./chart.ts";
import { Spark } from "./spark.tsx";
import { dayWords, words } from "./words.ts";

type Trend = Progress["trends"][number];
type Per = Trend["per"];

const pers: readonly Per[] = ["week", "month"];
/** As docs/guides/score.md has them, the score first. */
const order = ["score", "technique", "pace", "footwork", "fluency", "efficiency", "endurance"];
const fewestPeriods = 3;
const steadyBelow = 0.5;

/** A small chart for each axis: all of them on one page compare at a glance. */
export function Axes({ progress }: { progress: Progress }) {
  const { axesTitle, axesNote, noTrend, per: perTitle, pers: perNames } = words();
  const [per, setPer] = useState<Per>("week");
  const trends = progress.trends.filter((trend) => trend.per === per).sort((a, b) => order.indexOf(a.axis) - order.indexOf(b.axis));
  const left = fewestPeriods - Math.max(0, ...trends.map(({ periods }) => periods.length));
  return (
    <section class="facts" data-testid="progress-axes">
      <h2>{axesTitle}</h2>
      <div class="view-choice" role="group" aria-label={perTitle}>
        {pers.map((one) => (
          <button key={one} type="button" class="view-button" aria-pressed={one === per} onClick={() => setPer(one)} data-testid={`per-${one}`}>
            {perNames[one]}
          </button>
        ))}
      </div>
      {trends.length > 0 && left > 0 && <p class="facts-note">{noTrend(left, per)}</p>}
      <ul class="progress-axes">
        {trends.map((trend) => (
          <AxisTrend key={trend.axis} trend={trend} best={progress.bests.find(({ name }) => name === trend.axis)} />
        ))}
      </ul>
      <p class="facts-note">{axesNote}</p>
      <Numbers trends={trends} />
    </section>
  );
}

function AxisTrend({ trend: { axis, per, periods, change_per_period: change }, best }: { trend: Trend; best: Progress["bests"][number] | undefined }) {
  const { chart, chartValue, best: bestWords, bestNow } = words();
  const values = periods.map(({ value }) => value);
  const told = [
    ...(change === null ? [] : [changeWords(change, per)]),
    ...(best === undefined || values.length < 2 ? [] : [best.is_latest ? bestNow : bestWords(Math.round(best.value), dayWords(best.day))]),
  ];
  const label = chart(axisWords(axis), periods.map(({ start, value }) => chartValue(periodWords(start, per), Math.round(value))).join(", "));
  return (
    <li data-axis={axis} data-testid="trend">
      <h3>{axisWords(axis)}</h3>
      <strong>{Math.round(values.at(-1) ?? 0)}</strong>
      <Spark shares={dateShares(periods.map(({ start }) => start))} values={values} range={[0, 100]} grid={[0, 50, 100]} label={label} />
      {told.length > 0 && <p class="facts-note">{told.join(" · ")}</p>}
    </li>
  );
}

function changeWords(change: number, per: Per): string {
  const { change: changeWord, perUnit, steady } = words();
  if (Math.abs(change) < steadyBelow) return steady;
  return changeWord(`${change > 0 ? "+" : ""}${fixedWords(change, 1)}`, perUnit[per]);
}

function periodWords(start: string, per: Per): string {
  return per === "week" ? dayWords(start) : dayWords(start, "month");
}

/** The same as numbers, for whoever would rather read. */
function Numbers({ trends }: { trends: readonly Trend[] }) {
  const { table, periodColumn, valueColumn, climbsColumn, period } = words();
  return (
    <details class="progress-numbers">
      <summary>{table}</summary>
      {trends.map(({ axis, per, periods }) => (
        <table key={axis}>
          <caption>{axisWords(axis)}</caption>
          <thead>
            <tr>
              <th scope="col">{periodColumn}</th>
              <th scope="col">{valueColumn}</th>
              <th scope="col">{climbsColumn}</th>
            </tr>
          </thead>
          <tbody>
            {periods.map(({ start, value, climbs }) => (
              <tr key={start}>
                <th scope="row">{period[per](periodWords(start, per))}</th>
                <td>{Math.round(value)}</td>
                <td>{climbs}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </details>
  );
}
