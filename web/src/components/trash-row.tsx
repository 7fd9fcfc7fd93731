import "./list.css";
import "./trash-row.css";

import type { ComponentChildren } from "preact";

import { daysUntil } from "../lib/day.ts";
import { formatWhen } from "../lib/format.ts";
import { useNow } from "../lib/use-now.ts";
import { TrashIcon, UndoIcon } from "./icons.tsx";
import { words } from "./words.ts";

const tickMs = 60_000;

interface Props {
  id: string;
  name: string;
  /** Beside the name. */
  about?: ComponentChildren;
  at: string;
  /** From then on it is gone by itself. */
  goneAt: string;
  isBusy: boolean;
  onRestore: () => void;
  onRemove: () => void;
}

/** Something that was deleted, with the way back and the way out; in a `row-list trash-list`. */
export function TrashRow({ id, name, about, at, goneAt, isBusy, onRestore, onRemove }: Props) {
  const now = useNow(tickMs);
  const { restore, restoreOf, removeOf, left } = words().trash;
  return (
    <li data-id={id}>
      <span>
        <strong>{name}</strong>
        {about}
        <small>
          {formatWhen(at)} · {left(daysUntil(goneAt, now))}
        </small>
      </span>
      <button type="button" class="button" aria-disabled={isBusy} aria-label={restoreOf(name)} onClick={onRestore} data-testid="trash-restore">
        <UndoIcon /> {restore}
      </button>
      <button type="button" class="button button-quiet button-icon button-danger" aria-disabled={isBusy} aria-label={removeOf(name)} onClick={onRemove} data-testid="trash-remove">
        <TrashIcon />
      </button>
    </li>
  );
}
