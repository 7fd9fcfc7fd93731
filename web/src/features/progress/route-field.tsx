import "./progress.css";

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { announce } from "../../lib/announcement.ts";
import { asRequestError } from "../../lib/errors.ts";
import { gradeWords } from "./grade.ts";
import { words } from "./words.ts";

const mostLetters = 80;

interface Props {
  route: string | null;
  /** null: no route. */
  onSave: (route: string | null) => Promise<void>;
}

/** What the climber calls the route of a climb. */
export function RouteField({ route, onSave }: Props) {
  const { climbRoute, climbRouteNote, routeName, saveRoute, clearRoute, routeSaved, routeSpoken, routeGone, seeProgress, gradeNote } = words();
  const [text, setText] = useState(route ?? "");
  const grade = gradeWords(text);
  const [note, setNote] = useState<{ kind: "error" | "info"; text: string } | null>(null);
  const [isBusy, setBusy] = useState(false);
  const save = async (name: string) => {
    if (isBusy) return;
    setBusy(true);
    const wanted = name.trim() === "" ? null : name.trim();
    try {
      await onSave(wanted);
      setText(wanted ?? "");
      setNote({ kind: "info", text: wanted === null ? routeGone : routeSaved });
      announce(wanted === null ? routeGone : routeSpoken(wanted));
    } catch (cause) {
      setNote({ kind: "error", text: asRequestError(cause).message });
    }
    setBusy(false);
  };
  return (
    <section class="facts" data-testid="route-field">
      <h2>{climbRoute}</h2>
      <form
        class="route-field"
        onSubmit={(event) => {
          event.preventDefault();
          void save(text);
        }}
      >
        <input type="text" aria-label={routeName} maxLength={mostLetters} autoComplete="off" value={text} onInput={(event) => setText(event.currentTarget.value)} data-testid="route-name" />
        <button type="submit" class="button" aria-disabled={isBusy} data-testid="route-save">
          {saveRoute}
        </button>
      </form>
      {note !== null && (
        <Notice kind={note.kind} testId="route-note" quiet={note.kind === "info"}>
          {note.text}
        </Notice>
      )}
      {grade !== "" && (
        <p data-testid="route-grade">
          {grade}. <small>{gradeNote}</small>
        </p>
      )}
      <p class="facts-note">{climbRouteNote}</p>
      <div class="facts-actions">
        <Link href="/progress" class="button">
          {seeProgress}
        </Link>
        {route !== null && (
          <button type="button" class="button" disabled={isBusy} onClick={() => void save("")} data-testid="route-clear">
            {clearRoute}
          </button>
        )}
      </div>
    </section>
  );
}
