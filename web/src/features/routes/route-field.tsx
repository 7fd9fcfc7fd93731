import "./routes.css";

import type { RefObject } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { announce } from "../../lib/announcement.ts";
import { asRequestError } from "../../lib/errors.ts";
import { gradeWords } from "../../lib/grade-words.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { blank, DetailsFields } from "./details-fields.tsx";
import { changeRoute, loadRoutes, type ClimbRoute } from "./requests.ts";
import { Suggested } from "./suggested.tsx";
import { gradeOf } from "./told-grade.ts";
import { words } from "./words.ts";

const mostLetters = 80;

interface Props {
  analysisId: string;
  route: string | null;
  routeId: string | null;
  /** An earlier wall may be like it. */
  hasWallPicture: boolean;
  /** null: no route. The id of the route that stands under the name. */
  onSave: (route: string | null) => Promise<string | null>;
  /** The climb's route was set in another way. */
  onChange: () => void;
}

/** Names that differ in capitals and spaces are one name, as they are to the API. */
const keyOf = (name: string) => name.trim().replace(/\s+/g, " ").toLowerCase();

/** A name as it is being written, the climber's routes beside it, and saving it with what was told of a new one. */
function useName({ route, routeId, onSave }: Pick<Props, "route" | "routeId" | "onSave">) {
  const [text, setText] = useState(route ?? "");
  const [details, setDetails] = useState(blank(""));
  const [note, setNote] = useState<{ kind: "error" | "info"; text: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { value: routes, reload } = useLoaded(loadRoutes);
  useEffect(() => setText(route ?? ""), [route]);
  const standing = (routes ?? []).filter((one) => one.taken_down_on === null || one.id === routeId);
  const known = standing.find((one) => keyOf(one.name) === keyOf(text));
  const isNew = routes !== null && keyOf(text) !== "" && known === undefined;
  const save = async (name: string) => {
    if (isBusy) return;
    setBusy(true);
    const say = words();
    const wanted = name.trim() === "" ? null : name.trim();
    try {
      const id = await onSave(wanted);
      if (isNew && id !== null && wanted !== null && (details.grade !== null || details.set_on !== null)) await changeRoute(id, { ...details, name: wanted });
      setText(known?.name ?? wanted ?? "");
      setNote({ kind: "info", text: wanted === null ? say.routeGone : say.routeSaved });
      announce(wanted === null ? say.routeGone : say.routeSpoken(wanted));
      setDetails(blank(""));
      reload();
    } catch (cause) {
      setNote({ kind: "error", text: asRequestError(cause).message });
    }
    setBusy(false);
  };
  return { text, setText, details, setDetails, note, isBusy, standing, known, isNew, save };
}

/** Which of the climber's routes a climb is on: one that is there, or a new one. */
export function RouteField({ analysisId, route, routeId, hasWallPicture, onSave, onChange }: Props) {
  const say = words();
  const field = useRef<HTMLInputElement>(null);
  const name = useName({ route, routeId, onSave });
  return (
    <section class="facts" data-testid="route-field">
      <h2>{say.climbRoute}</h2>
      {route === null && hasWallPicture && <Suggested analysisId={analysisId} onSame={onChange} onOther={() => field.current?.focus()} />}
      <NameForm name={name} field={field} />
      {name.note !== null && (
        <Notice kind={name.note.kind} testId="route-note" quiet={name.note.kind === "info"}>
          {name.note.text}
        </Notice>
      )}
      <GradeNote route={name.known} name={name.text} />
      <p class="facts-note">{say.climbRouteNote}</p>
      <div class="facts-actions">
        {routeId !== null && (
          <Link href={`/routes/${routeId}`} class="button" data-testid="to-route">
            {say.seeLog}
          </Link>
        )}
        <Link href="/progress" class="button">
          {say.seeProgress}
        </Link>
        {route !== null && (
          <button type="button" class="button" disabled={name.isBusy} onClick={() => void name.save("")} data-testid="route-clear">
            {say.clearRoute}
          </button>
        )}
      </div>
    </section>
  );
}

function NameForm({ name: { text, setText, details, setDetails, isBusy, standing, isNew, save }, field }: { name: ReturnType<typeof useName>; field: RefObject<HTMLInputElement> }) {
  const say = words();
  const listId = useId();
  return (
    <form
      class="route-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save(text);
      }}
    >
      <div class="route-field">
        <input ref={field} type="text" list={listId} aria-label={say.routeName} maxLength={mostLetters} autoComplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} data-testid="route-name" />
        <datalist id={listId}>
          {standing.map((one) => (
            <option key={one.id} value={one.name}>{gradeOf(one)}</option>
          ))}
        </datalist>
        <button type="submit" class="button" aria-disabled={isBusy} data-testid="route-save">
          {say.saveRoute}
        </button>
      </div>
      {isNew && (
        <>
          <p class="facts-note">{say.isNew}</p>
          <DetailsFields details={details} onChange={setDetails} isShort />
        </>
      )}
    </form>
  );
}

function GradeNote({ route, name }: { route: ClimbRoute | undefined; name: string }) {
  const said = route === undefined || route.grade === null ? gradeWords(name) : gradeOf(route);
  if (said === "") return null;
  return (
    <p data-testid="route-grade">
      {said} <small>{words().gradeNote}</small>
    </p>
  );
}
