import { useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { announce } from "../../lib/announcement.ts";
import { today } from "../../lib/day.ts";
import { newKey } from "../../lib/key.ts";
import { useStep } from "../../lib/use-step.ts";
import { addTries, type Tries } from "./requests.ts";
import { words } from "./words.ts";

const mostTries = 100;

const blank = (): Tries => ({ day: today(), tries: 1, is_sent: false, note: null });

/** Tries that nobody filmed, written down. */
export function TriesForm({ routeId, onWritten }: { routeId: string; onWritten: () => void }) {
  const say = words();
  const [tries, setTries] = useState(blank);
  const key = useRef(newKey());
  const { isBusy, error, take } = useStep();
  const put = (part: Partial<Tries>) => {
    key.current = newKey(); // another wish
    setTries({ ...tries, ...part });
  };
  const write = () =>
    take(async () => {
      await addTries(routeId, tries, key.current);
      key.current = newKey();
      setTries(blank());
      announce(say.written);
      onWritten();
    });
  return (
    <section class="facts" data-testid="tries-form">
      <h2>{say.add}</h2>
      <form
        class="route-form"
        onSubmit={(event) => {
          event.preventDefault();
          write();
        }}
      >
        <div class="route-details">
          <label>
            <span>{say.day}</span>
            <input type="date" required value={tries.day} onInput={(event) => put({ day: event.currentTarget.value })} data-testid="tries-day" />
          </label>
          <label>
            <span>{say.count}</span>
            <input type="number" inputMode="numeric" required min={1} max={mostTries} value={tries.tries} onInput={(event) => put({ tries: event.currentTarget.valueAsNumber || 1 })} data-testid="tries-count" />
          </label>
          <label>
            <span>{say.note}</span>
            <input type="text" maxLength={200} autoComplete="off" value={tries.note ?? ""} onInput={(event) => put({ note: event.currentTarget.value.trim() === "" ? null : event.currentTarget.value })} data-testid="tries-note" />
          </label>
          <label class="route-check">
            <input type="checkbox" checked={tries.is_sent} onChange={(event) => put({ is_sent: event.currentTarget.checked })} data-testid="tries-sent" />
            <span>{say.last}</span>
          </label>
        </div>
        {error !== null && <Notice kind="error">{error}</Notice>}
        <div class="facts-actions">
          <button type="submit" class="button button-primary" disabled={isBusy} data-testid="tries-write">
            {say.write}
          </button>
        </div>
      </form>
    </section>
  );
}
