import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { newKey } from "../../lib/key.ts";
import { showToast } from "../../lib/toast.ts";
import { useStep } from "../../lib/use-step.ts";
import { addTries, deleteTries, tellSend, type LogEntry, type RouteLog } from "./requests.ts";
import { dayWords, words } from "./words.ts";

/** Every try on a route, the newest first, and what they come to. */
export function Log({ log, onChange }: { log: RouteLog; onChange: () => void }) {
  const say = words();
  return (
    <section class="facts" data-testid="route-log">
      <h2>{say.log}</h2>
      {log.entries.length === 0 ? (
        <p class="facts-note">{say.empty}</p>
      ) : (
        <>
          <p class="route-head" data-testid="route-head">
            {headOf(log)}
          </p>
          <p class="facts-note">
            {say.tries(log.tries)} · {say.sends(log.sends)}
          </p>
          <ol class="route-log">
            {log.entries.map((entry) => (
              <Entry key={entry.tries_id ?? `${entry.analysis_id ?? ""} ${entry.attempt ?? ""}`} entry={entry} routeId={log.route.id} onChange={onChange} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function headOf({ is_flash: isFlash, tries_until_send: tries, first_send_day: day, unknown_before: unknown }: RouteLog): string {
  const say = words();
  if (tries === null || day === null) return unknown > 0 ? say.notSentUnknown(unknown) : say.notSent;
  const sent = isFlash === true ? `${say.flash} ${dayWords(day)}.` : say.sentAfter(tries, dayWords(day));
  return unknown > 0 ? `${sent} ${say.unknownBefore(unknown)}` : sent;
}

interface EntryProps {
  entry: LogEntry;
  routeId: string;
  onChange: () => void;
}

function Entry({ entry, routeId, onChange }: EntryProps) {
  const say = words();
  const { analysis_id: analysisId, tries_id: triesId, attempt, attempts } = entry;
  const what = analysisId === null ? say.unfilmed(entry.tries) : say.attempt(attempt ?? 1, attempts ?? 1);
  const result = entry.is_sent === null ? say.unknown : entry.is_sent ? say.sent : say.fell;
  return (
    <li data-testid="route-entry">
      <span class="route-mark" data-sent={entry.is_sent} aria-hidden="true">
        {entry.is_sent === null ? "?" : entry.is_sent ? "✓" : "–"}
      </span>
      <span>
        <strong>{result}</strong>
        {analysisId !== null && entry.is_told && ` (${say.youSaid})`} · {dayWords(entry.day)} · {analysisId === null ? what : <Link href={`/climbs/${analysisId}`}>{what}</Link>}
      </span>
      {entry.note !== null && <span class="facts-note">{entry.note}</span>}
      {analysisId !== null && attempt !== null && <Told entry={entry} analysisId={analysisId} attempt={attempt} onChange={onChange} />}
      {triesId !== null && <TakeBack entry={entry} triesId={triesId} routeId={routeId} onChange={onChange} />}
    </li>
  );
}

/** The climber knows better than the film. */
function Told({ entry, analysisId, attempt, onChange }: { entry: LogEntry; analysisId: string; attempt: number; onChange: () => void }) {
  const say = words();
  const { isBusy, error, take } = useStep();
  const tell = (isSent: boolean | null) =>
    take(async () => {
      await tellSend(analysisId, attempt, isSent);
      onChange();
    });
  const choices = [
    ...(entry.is_sent === true ? [] : [[true, say.wasSent] as const]),
    ...(entry.is_sent === false ? [] : [[false, say.wasNotSent] as const]),
    ...(entry.is_told ? [[null, say.asFilmed] as const] : []),
  ];
  return (
    <>
      {error !== null && <Notice kind="error">{error}</Notice>}
      <div class="facts-actions">
        {choices.map(([isSent, label]) => (
          <button key={label} type="button" class="button button-quiet" disabled={isBusy} aria-label={say.named(label, dayWords(entry.day))} onClick={() => tell(isSent)} data-testid={`tell-${isSent === null ? "film" : isSent ? "sent" : "not-sent"}`}>
            {label}
          </button>
        ))}
      </div>
    </>
  );
}

function TakeBack({ entry, triesId, routeId, onChange }: EntryProps & { triesId: string }) {
  const say = words();
  const { isBusy, error, take } = useStep();
  const undo = () => {
    addTries(routeId, { day: entry.day, tries: entry.tries, is_sent: entry.is_sent === true, note: entry.note }, newKey())
      .then(onChange)
      .catch((cause: unknown) => showToast(asRequestError(cause).message));
  };
  const remove = () =>
    take(async () => {
      await deleteTries(routeId, triesId);
      showToast(say.taken, undo);
      onChange();
    });
  return (
    <>
      {error !== null && <Notice kind="error">{error}</Notice>}
      <div class="facts-actions">
        <button type="button" class="button button-quiet button-danger" disabled={isBusy} aria-label={say.named(say.take, dayWords(entry.day))} onClick={remove} data-testid="tries-remove">
          {say.take}
        </button>
      </div>
    </>
  );
}
