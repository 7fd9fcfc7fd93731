import "./routes.css";

import { useCallback, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { announce } from "../../lib/announcement.ts";
import { asRequestError } from "../../lib/errors.ts";
import { showToast } from "../../lib/toast.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { useStep } from "../../lib/use-step.ts";
import { DetailsFields } from "./details-fields.tsx";
import { Log } from "./log.tsx";
import { changeRoute, loadLog, removeRoute, restoreRoute, type ClimbRoute, type Details } from "./requests.ts";
import { gradeOf } from "./told-grade.ts";
import { TriesForm } from "./tries-form.tsx";
import { dayWords, words } from "./words.ts";

const notFound = 404;

/** One route: what it is, what was tried on it. `onName`: for the page's heading. */
export function RouteView({ id, onName }: { id: string; onName: (name: string) => void }) {
  const say = words();
  const load = useCallback(
    async (signal: AbortSignal) => {
      const log = await loadLog(id, signal);
      onName(log.route.name);
      return log;
    },
    [id, onName],
  );
  const { value: log, reason, error, reload } = useLoaded(load);
  if (error?.status === notFound) {
    return (
      <>
        <p data-testid="route-gone">{say.gone}</p>
        <Link class="button" href="/progress">
          {say.toProgress}
        </Link>
      </>
    );
  }
  if (log === null) return reason === null ? <p aria-busy="true">{say.loading}</p> : <Notice kind="error">{reason}</Notice>;
  return (
    <div class="route-page" data-testid="route-page">
      <Log log={log} onChange={reload} />
      <TriesForm routeId={id} onWritten={reload} />
      <About route={log.route} onChange={reload} />
    </div>
  );
}

function About({ route, onChange }: { route: ClimbRoute; onChange: () => void }) {
  const say = words();
  const [isChanging, setChanging] = useState(false);
  const day = (told: string | null) => (told === null ? "" : dayWords(told));
  const facts = [
    [say.facts.grade, gradeOf(route)],
    [say.facts.wall, route.wall ?? ""],
    [say.facts.set, day(route.set_on)],
    [say.facts.down, day(route.taken_down_on)],
    [say.facts.climbs, String(route.climbs)],
  ].filter(([, told]) => told !== "");
  return (
    <section class="facts" data-testid="route-about">
      <h2>{say.details}</h2>
      {isChanging ? (
        <ChangeForm
          route={route}
          onDone={() => {
            setChanging(false);
            onChange();
          }}
        />
      ) : (
        <>
          <dl>
            {facts.map(([name, told]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{told}</dd>
              </div>
            ))}
          </dl>
          <div class="facts-actions">
            <button type="button" class="button" onClick={() => setChanging(true)} data-testid="route-change">
              {say.change}
            </button>
            <RemoveButton route={route} />
          </div>
        </>
      )}
    </section>
  );
}

function ChangeForm({ route, onDone }: { route: ClimbRoute; onDone: () => void }) {
  const say = words();
  const { name, grade, scale, wall, set_on, taken_down_on } = route;
  const [details, setDetails] = useState<Details>({ name, grade, scale, wall, set_on, taken_down_on });
  const { isBusy, error, take } = useStep();
  return (
    <form
      class="route-form"
      onSubmit={(event) => {
        event.preventDefault();
        take(async () => {
          await changeRoute(route.id, details);
          announce(say.routeSaved);
          onDone();
        });
      }}
    >
      <div class="route-field">
        <input type="text" required maxLength={80} aria-label={say.routeName} autoComplete="off" value={details.name} onInput={(event) => setDetails({ ...details, name: event.currentTarget.value })} data-testid="route-new-name" />
      </div>
      <DetailsFields details={details} onChange={setDetails} />
      <p class="facts-note">{say.takenDownNote}</p>
      {error !== null && <Notice kind="error">{error}</Notice>}
      <div class="facts-actions">
        <button type="submit" class="button button-primary" disabled={isBusy} data-testid="route-changed">
          {say.saveRoute}
        </button>
        <button type="button" class="button" onClick={onDone}>
          {say.cancel}
        </button>
      </div>
    </form>
  );
}

function RemoveButton({ route }: { route: ClimbRoute }) {
  const say = words();
  const { isBusy, error, take } = useStep();
  const [, navigate] = useLocation();
  const undo = async () => {
    await restoreRoute(route.id);
    announce(say.restored(route.name));
    navigate(`/routes/${route.id}`);
  };
  const remove = () =>
    take(async () => {
      await removeRoute(route.id);
      navigate("/routes", { replace: true }); // its page is gone: "back" must not lead there
      showToast(say.removed(route.name), () => void undo().catch((cause: unknown) => showToast(asRequestError(cause).message)));
    });
  return (
    <>
      <button type="button" class="button button-danger" aria-disabled={isBusy} onClick={remove} data-testid="route-remove">
        {say.remove}
      </button>
      {error !== null && <Notice kind="error">{error}</Notice>}
    </>
  );
}
