import "../../components/list.css";

import { useEffect, useRef, useState } from "preact/hooks";

import { CameraIcon } from "../../components/icons.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { focusHeading } from "../../lib/focus.ts";
import { formatBytes, formatClock } from "../../lib/format.ts";
import { guardReload } from "../../lib/unsaved.ts";
import { sendTakes, type Send } from "./send-takes.ts";
import { removeTake, type Take } from "./takes.ts";
import { words } from "./words.ts";

interface Props {
  user: string;
  all: readonly Take[];
  onLook: (id: string) => void;
  onFilm: () => void;
  onSend: Send;
  onSent: () => void;
}

/** What goes up together, in the order in which it was filmed. */
export function TakeList({ user, all, onLook, onFilm, onSend, onSent }: Props) {
  const { number, count, send } = useSending(user, all, onSend, onSent);
  const [leaving, setLeaving] = useState<Take | null>(null);
  const say = words();
  const isSending = number !== null;
  const discard = (take: Take) => {
    void removeTake(user, take.id);
    focusHeading({ preventScroll: true }); // the button goes with its row
  };
  return (
    <section class="takes" aria-labelledby="takes-title">
      <h2 id="takes-title">{say.list}</h2>
      {all.some((take) => take.isFound) && (
        <Notice kind="info" testId="takes-found">
          {say.found}
        </Notice>
      )}
      {all.length === 0 && <p>{say.none}</p>}
      <ol class="row-list" data-testid="takes">
        {all.map((take) => (
          <TakeRow key={take.id} take={take} isSending={isSending} onLook={() => onLook(take.id)} onDiscard={() => (take.isFilmed ? setLeaving(take) : discard(take))} />
        ))}
      </ol>
      {isSending && <p aria-live="polite">{say.preparing(number, count)}</p>}
      <div class="takes-actions">
        {all.length > 0 && (
          <button type="button" class="button button-primary" disabled={isSending} onClick={send} data-testid="takes-send">
            {say.send(all.length)}
          </button>
        )}
        <button type="button" class="button" disabled={isSending} onClick={onFilm} data-testid="takes-film">
          <CameraIcon /> {all.length > 0 ? say.filmAnother : say.film}
        </button>
      </div>
      {all.some((take) => take.isFilmed) && <p class="takes-stay">{say.stays}</p>}
      {leaving !== null && (
        <ConfirmDialog title={say.discardTitle} confirmLabel={say.discard} onConfirm={() => discard(leaving)} onClose={() => setLeaving(null)}>
          {say.discardText(leaving.name)}
        </ConfirmDialog>
      )}
    </section>
  );
}

function TakeRow({ take, isSending, onLook, onDiscard }: { take: Take; isSending: boolean; onLook: () => void; onDiscard: () => void }) {
  const say = words();
  const lengthS = take.cut === null ? take.durationS : take.cut.endS - take.cut.startS;
  const facts = [lengthS === null ? null : say.length(lengthS.toFixed(1)), take.cut === null ? formatBytes(take.sizeBytes) : say.cutTo(formatClock(take.cut.startS), formatClock(take.cut.endS))];
  return (
    <li data-testid="take">
      <span>
        <strong>{take.name}</strong>
        <span class="takes-soft">{facts.filter((fact) => fact !== null).join(", ")}</span>
      </span>
      <button type="button" class="button" disabled={isSending} aria-label={say.reviewOf(take.name)} onClick={onLook} data-testid="take-review">
        {say.review}
      </button>
      <button type="button" class="button button-quiet" disabled={isSending} aria-label={say.discardOf(take.name)} onClick={onDiscard} data-testid="take-discard">
        {say.discard}
      </button>
    </li>
  );
}

/** The clip that is being prepared, of how many; null where nothing is sent. */
function useSending(user: string, all: readonly Take[], onSend: Send, onSent: () => void) {
  const [state, setState] = useState<{ number: number | null; count: number }>({ number: null, count: 0 });
  const leaving = useRef(new AbortController());
  useEffect(() => {
    const current = leaving.current;
    return () => current.abort();
  }, []);
  const isSending = state.number !== null;
  useEffect(() => (isSending ? guardReload(() => true) : undefined), [isSending]);
  const send = () => {
    const count = all.length;
    setState({ number: 1, count });
    sendTakes(user, all, onSend, (number) => setState({ number, count }), leaving.current.signal)
      .then(onSent)
      .catch(() => setState({ number: null, count: 0 }));
  };
  return { ...state, send };
}
