import "../../components/empty.css";

import { useCallback, useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { TrashIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { TrashRow } from "../../components/trash-row.tsx";
import { announce } from "../../lib/announcement.ts";
import { focusHeading } from "../../lib/focus.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { useStep } from "../../lib/use-step.ts";
import { restoreClimb } from "./analyses.ts";
import { emptyTrash, loadTrash, removeTrashed, type Trashed, type TrashPage } from "./trash.ts";
import { words } from "./words.ts";

/** What was deleted: had back or removed for good, one by one or all. `onGone`: something is gone for good. */
export function TrashList({ onGone }: { onGone: () => void }) {
  const ask = useCallback((signal: AbortSignal) => loadTrash(null, signal), []);
  const { value, reason, reload } = useLoaded<TrashPage>(ask);
  const { isBusy, error, take } = useStep();
  const [more, setMore] = useState<TrashPage | null>(null);
  const [asked, setAsked] = useState<Trashed | "all" | null>(null);
  const { restored, removed, emptied, empty, emptyAll, emptyTitle, emptyText, removeTitle, removeText, remove, looking, older, kept } = words().trash;

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
      {items.length === 0 ? <Nothing /> : <p>{kept}</p>}
      {(error ?? reason) !== null && <Notice kind="error">{error ?? reason}</Notice>}
      {items.length > 0 && (
        <>
          <Rows items={items} isBusy={isBusy} onRestore={(one) => act(() => restoreClimb(one.id), restored(one.file_name))} onRemove={setAsked} />
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

function Nothing() {
  const { nothing, what } = words().trash;
  return (
    <div class="empty">
      <p>{nothing}</p>
      <p>{what}</p>
    </div>
  );
}

interface RowsProps {
  items: readonly Trashed[];
  isBusy: boolean;
  onRestore: (one: Trashed) => void;
  onRemove: (one: Trashed) => void;
}

function Rows({ items, isBusy, onRestore, onRemove }: RowsProps) {
  return (
    <ul class="row-list trash-list" data-testid="trashed">
      {items.map((one) => (
        <TrashRow
          key={one.id}
          id={one.id}
          name={one.file_name}
          about={one.route !== null && ` · ${one.route}`}
          at={one.created_at}
          goneAt={one.gone_at}
          isBusy={isBusy}
          onRestore={() => onRestore(one)}
          onRemove={() => onRemove(one)}
        />
      ))}
    </ul>
  );
}
