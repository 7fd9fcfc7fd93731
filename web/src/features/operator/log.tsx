import { useCallback, useState } from "preact/hooks";
import { useSearchParams } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { saveFile } from "../../lib/save-file.ts";
import { useStep } from "../../lib/use-step.ts";
import { Choice } from "./choice.tsx";
import { LogEntry } from "./log-entry.tsx";
import { logWords } from "./log-words.ts";
import { loadLog, loadLogFile, type Action, type Entry, type LogFilter, type LogPage } from "./requests.ts";
import { usePages } from "./use-pages.ts";
import { Verification } from "./verification.tsx";

/** Who did what, the latest first. Who is looked at stands in the address, so that accounts can lead here. */
export function Log() {
  const { title, text, nothing, loading, more: moreWord, asFile, saved } = logWords();
  const [told, tell] = useSearchParams();
  const [chosen, setChosen] = useState<Pick<LogFilter, "action" | "days">>({ action: null, days: null });
  const [actor, subject] = [told.get("by"), told.get("about")];
  const filter = { ...chosen, actor, subject };
  const { action, days } = chosen;
  const { first, items, reason, isBusy, more } = usePages<Entry, LogPage>(useCallback((cursor, signal) => loadLog({ action, days, actor, subject }, cursor, signal), [action, days, actor, subject]));
  const file = useStep();
  const save = () =>
    file.take(async () => {
      saveFile(await loadLogFile(filter), saved);
    });
  return (
    <div class="operator">
      <Verification />
      <section class="operator-part" aria-labelledby="operator-log">
        <h2 id="operator-log">{title}</h2>
        <p class="operator-soft">{text}</p>
        <LogSearch filter={filter} onChoose={setChosen} onAnybody={() => tell({})} />
        {reason !== null && <Notice kind="error">{reason}</Notice>}
        {file.error !== null && <Notice kind="error">{file.error}</Notice>}
        {first === null && reason === null && <p aria-busy="true">{loading}</p>}
        {first !== null && items.length === 0 && <p class="operator-soft">{nothing}</p>}
        <ol class="operator-log" data-testid="log">
          {items.map((entry) => (
            <LogEntry key={entry.position} entry={entry} onParty={(as, name) => tell({ [as]: name })} />
          ))}
        </ol>
        <div class="operator-job-actions">
          {more !== null && (
            <button type="button" class="button" disabled={isBusy} onClick={more} data-testid="more-entries">
              {moreWord}
            </button>
          )}
          <button type="button" class="button" disabled={file.isBusy} onClick={save} data-testid="log-file">
            {asFile}
          </button>
        </div>
      </section>
    </div>
  );
}

interface SearchProps {
  filter: LogFilter;
  onChoose: (chosen: Pick<LogFilter, "action" | "days">) => void;
  onAnybody: () => void;
}

function LogSearch({ filter: { action, days, actor, subject }, onChoose, onAnybody }: SearchProps) {
  const { which, action: actionLabel, actions, days: daysLabel, lastDays, onlyBy, onlyAbout, anybody } = logWords();
  const spans: Readonly<Record<string, string>> = { 1: lastDays(1), 7: lastDays(7), 30: lastDays(30), 365: lastDays(365) };
  const sorted = Object.fromEntries(Object.entries<string>(actions).sort(([, one], [, other]) => one.localeCompare(other)));
  return (
    <>
      <fieldset class="operator-filter">
        <legend class="visually-hidden">{which}</legend>
        <Choice<Action> testId="log-action" label={actionLabel} value={action} choices={sorted} onChange={(value) => onChoose({ action: value, days })} />
        <Choice testId="log-days" label={daysLabel} value={days === null ? null : String(days)} choices={spans} onChange={(value) => onChoose({ action, days: value === null ? null : Number(value) })} />
      </fieldset>
      {(actor !== null || subject !== null) && (
        <p class="operator-links" data-testid="log-party">
          <span>{actor !== null ? onlyBy(actor) : onlyAbout(subject ?? "")}</span>
          <button type="button" class="button" onClick={onAnybody} data-testid="log-anybody">
            {anybody}
          </button>
        </p>
      )}
    </>
  );
}
