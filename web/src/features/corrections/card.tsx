import "../player/facts.css";
import "./corrections.css";

import { useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { formatClock } from "../../lib/format.ts";
import { refusalWords } from "../../lib/refusals.ts";
import type { Bench } from "../player/workbench.ts";
import { misplaced } from "./misplaced.ts";
import { isUnderWay, type Correction, type Desk } from "./requests.ts";
import { editLines, words } from "./words.ts";

const mostLines = 3;

interface Props {
  bench: Bench;
  desk: Desk;
  /** null: nothing can be put right now. */
  onBegin: (() => void) | null;
}

/** What was put right, how far the work on it is, and the way back. */
export function CorrectionsCard({ bench, desk, onBegin }: Props) {
  const { title, begin, busyAnalysis, busyOriginal } = words();
  const { corrections, error, isOriginal } = desk;
  const items = corrections?.items ?? [];
  const isQuiet = items.length === 0 && error === null && onBegin !== null && !isUnderWay(corrections);
  if (isQuiet) return <Invitation onBegin={onBegin} isWaiting={corrections === null} />;
  return (
    <section class="facts corrections" data-testid="corrections">
      <h2>{title}</h2>
      <State desk={desk} />
      {error !== null && <Notice kind="error">{error}</Notice>}
      {onBegin === null && !isUnderWay(corrections) && <p class="facts-note">{isOriginal ? busyOriginal : busyAnalysis}</p>}
      {onBegin !== null && (
        <div class="facts-actions">
          <button type="button" class="button" onClick={onBegin} disabled={corrections === null} data-testid="put-right">
            {begin}
          </button>
        </div>
      )}
      {items.length > 0 && <List bench={bench} desk={desk} items={items} canTakeBack={onBegin !== null} />}
    </section>
  );
}

/** Until something is put right it takes no room from what is said of the climb. */
function Invitation({ onBegin, isWaiting }: { onBegin: () => void; isWaiting: boolean }) {
  const { title, begin, invite } = words();
  return (
    <section class="corrections-invitation" aria-label={title} data-testid="corrections">
      <p class="facts-note">{invite}</p>
      <button type="button" class="button" onClick={onBegin} disabled={isWaiting} data-testid="put-right">
        {begin}
      </button>
    </section>
  );
}

function State({ desk: { corrections, isOriginal, isBusy, cancel, retry } }: { desk: Desk }) {
  const { underWay, canceled, failedHow, done, stop, retry: workIn, retryFailed } = words();
  if (corrections === null) return null;
  const { state, failure, items } = corrections;
  if (isUnderWay(corrections)) {
    return (
      <div class="corrections-state" data-testid="deriving">
        <p role="status">{underWay}</p>
        <button type="button" class="button" disabled={isBusy} onClick={cancel}>
          {stop}
        </button>
      </div>
    );
  }
  if (items.length === 0 || (state === "completed" && isOriginal)) return null;
  if (state === "completed") {
    return (
      <p role="status" data-testid="derived">
        {done}
      </p>
    );
  }
  return (
    <div class="corrections-state">
      <Notice kind={state === "failed" ? "error" : "info"} testId="derivation-stopped">
        {state === "failed" ? `${failure === null ? "" : refusalWords(failure)} ${failedHow}` : canceled}
      </Notice>
      <button type="button" class="button" disabled={isBusy} onClick={retry}>
        {state === "failed" ? retryFailed : workIn}
      </button>
    </div>
  );
}

interface ListProps {
  bench: Bench;
  desk: Desk;
  items: readonly Correction[];
  canTakeBack: boolean;
}

function List({ bench, desk, items, canTakeBack }: ListProps) {
  const { list, takeAllBack, takeAllTitle, takeAllText } = words();
  const [isAsking, setAsking] = useState(false);
  const { state, failure } = desk.corrections ?? { state: null, failure: null };
  const odd = state === "failed" && failure?.error === "correction_misplaced" ? misplaced(items, failure.detail) : null;
  return (
    <details class="corrections-list" open={odd !== null}>
      <summary>{list}</summary>
      <ol>
        {items.map((item) => (
          <Item key={item.id} bench={bench} desk={desk} item={item} isOdd={item.id === odd} canTakeBack={canTakeBack} />
        ))}
      </ol>
      {canTakeBack && (
        <button type="button" class="button" disabled={desk.isBusy} onClick={() => setAsking(true)} data-testid="take-all-back">
          {takeAllBack}
        </button>
      )}
      {isAsking && (
        <ConfirmDialog title={takeAllTitle} confirmLabel={takeAllBack} onConfirm={() => desk.takeBack(null)} onClose={() => setAsking(false)}>
          {takeAllText}
        </ConfirmDialog>
      )}
    </details>
  );
}

function Item({ bench: { result, onJump }, desk, item, isOdd, canTakeBack }: Omit<ListProps, "items"> & { item: Correction; isOdd: boolean }) {
  const { misplaced: oddWord, more, goTo, takeBack, takeBackOne } = words();
  const lines = editLines(item.edits, result.timesS);
  const frame = lines.find((line) => line.frame !== null)?.frame ?? null;
  const clock = formatClock(result.timesS[frame ?? 0] ?? 0);
  return (
    <li data-odd={isOdd} data-testid="correction-item">
      {isOdd && <p class="corrections-odd">{oddWord}</p>}
      {lines.slice(0, mostLines).map(({ text }, place) => (
        <p key={place}>{text}</p>
      ))}
      {lines.length > mostLines && <p class="facts-note">{more(lines.length - mostLines)}</p>}
      <div class="facts-actions">
        {frame !== null && (
          <button type="button" class="button moment" aria-label={goTo(clock)} onClick={() => onJump(frame)}>
            {clock}
          </button>
        )}
        {canTakeBack && (
          <button type="button" class="button" aria-label={takeBackOne(lines[0]?.text ?? "")} disabled={desk.isBusy} onClick={() => desk.takeBack(item.id)} data-testid="take-back">
            {takeBack}
          </button>
        )}
      </div>
    </li>
  );
}
