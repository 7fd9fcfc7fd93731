import { Link } from "wouter-preact";

import type { Progress } from "../../lib/api.ts";
import { gradeWords } from "../../lib/grade-words.ts";
import { measureWords, numberWords, unitWords } from "../../lib/terms.ts";
import { shownValue } from "../../lib/units.ts";
import { orderShares, rangeOf } from "./chart.ts";
import { Spark } from "./spark.tsx";
import { dayWords, words } from "./words.ts";

type Route = Progress["routes"][number];
type History = Route["history"][number];

/** Raw numbers, one route at a time: elsewhere they say nothing about the climber. */
export function Routes({ routes }: { routes: readonly Route[] }) {
  const { routesTitle, routesNote, noRoutes, allRoutes } = words();
  return (
    <section class="facts" data-testid="progress-routes">
      <h2>{routesTitle}</h2>
      <p class="facts-note">{routes.length === 0 ? noRoutes : routesNote}</p>
      {routes.map((route) => (
        <RouteHistory key={route.id} route={route} isOpen={routes.length === 1} />
      ))}
      <div class="facts-actions">
        <Link href="/routes" class="button" data-testid="to-routes">
          {allRoutes}
        </Link>
      </div>
    </section>
  );
}

function RouteHistory({ route, isOpen }: { route: Route; isOpen: boolean }) {
  const { route: title, onlyOne, seeLog } = words();
  return (
    <details class="progress-route" open={isOpen} data-testid="route">
      <summary>
        {title(route.route, route.climbs)} <small data-testid="route-grade">{gradeWords(route.route)}</small>
      </summary>
      {route.climbs < 2 && <p class="facts-note">{onlyOne}</p>}
      <Link href={`/routes/${route.id}`} class="button" data-testid="to-route">
        {seeLog}
      </Link>
      <ul>
        {route.history.map((history) => (
          <Measure key={history.measure} history={history} best={route.bests.find(({ name }) => name === history.measure)} />
        ))}
      </ul>
    </details>
  );
}

/** One measure over the attempts: first and latest in numbers, all of them as dots. */
function Measure({ history: { measure, unit: unitCode, better, steps, other_units: others }, best: bestOne }: { history: History; best: Route["bests"][number] | undefined }) {
  const { firstColumn, latestColumn, bestColumn, higher, lower, steps: stepsLabel, unknown, otherUnits } = words();
  const asRead = (value: number | null) => (value === null ? null : shownValue(value, unitCode ?? ""));
  const values = steps.map(({ value }) => asRead(value));
  const best = asRead(bestOne?.value ?? null);
  const known = values.filter((value) => value !== null);
  const range = rangeOf(values);
  const [first, latest] = [known[0], known.at(-1)];
  if (range === null || first === undefined || latest === undefined) return null;
  const unitWord = unitWords(unitCode ?? "");
  const unit = unitWord === "" ? "" : `\u00a0${unitWord}`;
  if (steps.length < 2) {
    return (
      <li class="progress-single" data-measure={measure} data-testid="history">
        <span>{measureWords(measure)}</span> <strong>{numberWords(latest)}{unit}</strong>
      </li>
    );
  }
  const told = steps.map(({ day }, index) => [day, values[index] ?? null] as const).map(([day, value]) => `${dayWords(day)} ${value === null ? unknown : `${numberWords(value)}${unit}`}`).join(", ");
  return (
    <li data-measure={measure} data-testid="history">
      <h3>
        {measureWords(measure)} <small>{better === "higher" ? higher : lower}</small>
      </h3>
      <Spark shares={orderShares(values.length)} values={values} range={range} best={best} label={stepsLabel(measureWords(measure), told)} />
      <dl>
        <div>
          <dt>{firstColumn}</dt>
          <dd>{numberWords(first)}{unit}</dd>
        </div>
        <div>
          <dt>{latestColumn}</dt>
          <dd>
            {numberWords(latest)}{unit} {known.length > 1 && <Verdict change={numberWords(latest) === numberWords(first) ? 0 : latest - first} better={better} />}
          </dd>
        </div>
        {best !== null && (
          <div>
            <dt>{bestColumn}</dt>
            <dd>{numberWords(best)}{unit}</dd>
          </div>
        )}
      </dl>
      {others > 0 && <p class="facts-note">{otherUnits(others)}</p>}
    </li>
  );
}

function Verdict({ change, better }: { change: number; better: History["better"] }) {
  const { better: betterWord, worse, same } = words();
  if (change === 0) return <span class="progress-verdict">{same}</span>;
  const isBetter = change > 0 === (better === "higher");
  return (
    <span class="progress-verdict" data-better={isBetter}>
      {isBetter ? betterWord : worse}
    </span>
  );
}
