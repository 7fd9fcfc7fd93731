import "../../components/empty.css";
import "./routes.css";

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { formatDay } from "../../lib/format.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { loadRoutes, type ClimbRoute } from "./requests.ts";
import { isNamedLike } from "./search.ts";
import { gradeOf } from "./told-grade.ts";
import { dayWords, words } from "./words.ts";

const fewEnoughToSee = 8;

/** All of the climber's routes, the last climbed first; those that were taken down come after. */
export function RouteList() {
  const say = words();
  const { value: routes, reason } = useLoaded(loadRoutes);
  const [text, setText] = useState("");
  if (routes === null) return reason === null ? <p aria-busy="true">{say.lookingForAll}</p> : <Notice kind="error">{reason}</Notice>;
  if (routes.length === 0) {
    return (
      <section class="empty" data-testid="no-routes">
        <p>{say.noRoutes}</p>
        <Link class="button" href="/">
          {say.toClimbs}
        </Link>
      </section>
    );
  }
  const found = routes.filter((route) => isNamedLike(route, text));
  const standing = found.filter((route) => route.taken_down_on === null);
  const gone = found.filter((route) => route.taken_down_on !== null);
  return (
    <div class="route-lists" data-testid="routes">
      {routes.length > fewEnoughToSee && (
        <label class="route-search">
          <span>{say.search}</span>
          <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} data-testid="route-search" />
        </label>
      )}
      <p class="visually-hidden" role="status">
        {text === "" ? "" : say.found(found.length)}
      </p>
      {found.length === 0 && <p>{say.noneLike}</p>}
      <Rows routes={standing} />
      {gone.length > 0 && (
        <section>
          <h2>{say.takenDown}</h2>
          <Rows routes={gone} />
        </section>
      )}
    </div>
  );
}

function Rows({ routes }: { routes: readonly ClimbRoute[] }) {
  if (routes.length === 0) return null;
  return (
    <ul class="route-rows">
      {routes.map((route) => (
        <li key={route.id}>
          <Link href={`/routes/${route.id}`} class="route-row" data-testid="route-row">
            <strong>{route.name}</strong>
            <small>{factsOf(route).join(" · ")}</small>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function factsOf(route: ClimbRoute): string[] {
  const say = words();
  const { wall, climbs, last_climbed_at: last, taken_down_on: down } = route;
  return [
    gradeOf(route),
    wall ?? "",
    climbs === 0 || last === null ? say.notFilmed : say.filmed(climbs, formatDay(last)),
    down === null ? "" : say.takenDownAt(dayWords(down)),
  ].filter((fact) => fact !== "");
}
