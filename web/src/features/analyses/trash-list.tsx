import "../../components/list.css";
import "./trash-list.css";

import { useCallback, useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { TrashIcon, UndoIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { announce } from "../../lib/announcement.ts";
import { focusHeading } from "../../lib/focus.ts";
import { formatWhen } from "../../lib/format.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { useNow } from "../../lib/use-now.ts";
import { useStep } from "../../lib/use-step.ts";
import { restoreClimb } from "./analyses.ts";
import { daysLeft, emptyTrash, loadTrash, removeTrashed, type Trashed, type TrashPage } from "./trash.ts";
import { words } from "./words.ts";

const tickMs = 60_000;

/** What was deleted: had back or removed for good, one by one or all. `onGone`: something is gone for good. */
export function TrashList({ onGone }: { onGone: () => void }) {
  const ask = useCallback((signal: AbortSignal) => loadTrash(null, signal), []);
  const { value, reason, reload } = useLoaded<TrashPage>(ask);
  const { isBusy, error, take } = useStep();
  const [more, setMore] = useState<TrashPage | null>(null);
  const [asked, setAsked] = useState<Trashed | "all" | null>(null);
  const { restored, removed, emptied, empty, emptyAll, emptyTitle, emptyText, removeTitle, removeText, remove, nothing, looking, older, kept } = words().trash;

  const act = (action: () => Promise<void>, said: string) =>
    take(async () => {
      await action();
      setMore(null);
      reload();
      announce(said);
      focusHeading({ preventScroll: true }); // the button goes with its row
    });
  const removeAsked = () => {
    if (asked === null) return;
    const action = asked === "all" ? emptyTrash : () => removeTrashed(asked);
    act(async () => {
      await action();
      onGone();
    }, asked === "all" ? emptied : removed(asked.file_name));
  };

  if (value === null) return reason === null ? <p aria-busy="true">{looking}</p> : <Notice kind="error">{reason}</Notice>;
  const items = [...value.items, ...(more?.items ?? [])];
  const nextCursor = more === null ? value.nextCursor : more.nextCursor;
  const loadOlder = () =>
    take(async () => {
      const page = await loadTrash(nextCursor);
      setMore({ ...page, items: [...(more?.items ?? []), ...page.items] });
    });
  return (
    <>
      <p>{items.length === 0 ? nothing : kept}</p>
      {(error ?? reason) !== null && <Notice kind="error">{error ?? reason}</Notice>}
      {items.length > 0 && (
        <>
          <ul class="row-list trash-list" data-testid="trashed">
            {items.map((one) => (
              <Row key={one.id} one={one} isBusy={isBusy} onRestore={() => act(() => restoreClimb(one.id), restored(one.file_name))} onRemove={() => setAsked(one)} />
            ))}
          </ul>
          {nextCursor !== null && (
            <button type="button" class="button" aria-disabled={isBusy} onClick={loadOlder}>
              {older}
            </button>
          )}
          <button type="button" class="button button-quiet button-danger" aria-disabled={isBusy} onClick={() => setAsked("all")} data-testid="trash-empty">
            <TrashIcon /> {emptyAll}
          </button>
        </>
      )}
      {asked !== null && (
        <ConfirmDialog title={asked === "all" ? emptyTitle : removeTitle} confirmLabel={asked === "all" ? empty : remove} onConfirm={removeAsked} onClose={() => setAsked(null)}>
          {asked === "all" ? emptyText : removeText(asked.file_name)}
        </ConfirmDialog>
      )}
    </>
  );
}

interface RowProps {
  one: Trashed;
  isBusy: boolean;
  onRestore: () => void;
  onRemove: () => void;
}

function Row({ one, isBusy, onRestore, onRemove }: RowProps) {
  const now = useNow(tickMs);
  const { restore, restoreOf, removeOf, left } = words().trash;
  return (
    <li data-id={one.id}>
      <span>
        <strong>{one.file_name}</strong>
        {one.route !== null && ` · ${one.route}`}
        <small>
          {formatWhen(one.created_at)} · {left(daysLeft(one, now))}
        </small>
      </span>
      <button type="button" class="button" aria-disabled={isBusy} aria-label={restoreOf(one.file_name)} onClick={onRestore} data-testid="trash-restore">
        <UndoIcon /> {restore}
      </button>
      <button
        type="button"
        class="button button-quiet button-icon button-danger"
        aria-disabled={isBusy}
        aria-label={removeOf(one.file_name)}
        onClick={onRemove}
        data-testid="trash-remove"
      >
        <TrashIcon />
      </button>
    </li>
  );
}
