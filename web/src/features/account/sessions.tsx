import { useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { formatWhen } from "../../lib/format.ts";
import { showToast } from "../../lib/toast.ts";
import { endAll, endOthers, endSession, type OpenSession } from "./requests.ts";
import { useStep } from "../../lib/use-step.ts";
import { words } from "./words.ts";

export function Sessions({ sessions, onChange }: { sessions: OpenSession[]; onChange: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const { isBusy, error, take } = useStep();
  const say = words();
  const end = (step: () => Promise<void>) =>
    take(async () => {
      await step();
      showToast(say.ended);
      onChange();
    });
  return (
    <section aria-labelledby="account-sessions">
      <h2 id="account-sessions">{say.sessions}</h2>
      {error !== null && <Notice kind="error">{error}</Notice>}
      <ul class="row-list" data-testid="sessions">
        {sessions.map((one) => (
          <SessionRow key={one.id} session={one} isBusy={isBusy} onEnd={() => end(() => endSession(one.id))} />
        ))}
      </ul>
      <div class="account-actions">
        {sessions.some((one) => !one.is_this) && (
          <button type="button" class="button" disabled={isBusy} onClick={() => end(endOthers)} data-testid="end-others">
            {say.endOthers}
          </button>
        )}
        <button type="button" class="button button-quiet" disabled={isBusy} onClick={() => setAsking(true)} data-testid="end-all">
          {say.endAll}
        </button>
      </div>
      {isAsking && (
        <ConfirmDialog title={say.endAllTitle} confirmLabel={say.endAll} keepLabel={say.stay} onConfirm={() => take(endAll)} onClose={() => setAsking(false)}>
          {say.endAllText}
        </ConfirmDialog>
      )}
    </section>
  );
}

function SessionRow({ session, isBusy, onEnd }: { session: OpenSession; isBusy: boolean; onEnd: () => void }) {
  const { thisOne, unknownDevice, since, used, end, endNamed } = words();
  const device = session.device ?? unknownDevice;
  return (
    <li>
      <span>
        <strong>{device}</strong> {session.is_this && <em>{thisOne}</em>}
        <span class="account-soft">
          {used(formatWhen(session.used_at))}, {since(formatWhen(session.began_at))}
        </span>
      </span>
      {!session.is_this && (
        <button type="button" class="button" disabled={isBusy} onClick={onEnd} aria-label={endNamed(device)}>
          {end}
        </button>
      )}
    </li>
  );
}
