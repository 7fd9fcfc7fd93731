import { useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { RetryIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { formatWhen } from "../../lib/format.ts";
import { refusalWords } from "../../lib/refusals.ts";
import { showToast } from "../../lib/toast.ts";
import { useStep } from "../../lib/use-step.ts";
import { everythingDead, loadDead, retryDead, type DeadGroup } from "./requests.ts";
import { useRefreshed } from "./use-refreshed.ts";
import { words } from "./words.ts";

/** Why jobs are dead, the most first: what that means, what helps, and all of one reason begun anew. */
export function DeadGroups({ onChange }: { onChange: () => void }) {
  const { deadTitle, deadText } = words();
  const { value: groups, trouble, again } = useRefreshed(loadDead);
  const changed = () => {
    again();
    onChange();
  };
  return (
    <section class="operator-part" aria-labelledby="operator-dead">
      <h2 id="operator-dead">{deadTitle}</h2>
      <p class="operator-soft">{deadText}</p>
      {trouble !== null && <Notice kind="error">{trouble}</Notice>}
      <ul class="operator-jobs">
        {groups?.map((group) => (
          <Group key={group.failure.error} group={group} onChange={changed} />
        ))}
      </ul>
    </section>
  );
}

function Group({ group: { failure, jobs, oldest_at, newest_at }, onChange }: { group: DeadGroup; onChange: () => void }) {
  const { deadSince, remedies, otherRemedy, retryAll, retryAllTitle, retryReasonText, retryAllDone, retrying, leave } = words();
  const [isAsking, setAsking] = useState(false);
  const { isBusy, error, take } = useStep();
  const retry = () =>
    take(async () => {
      const { retried, left } = await retryDead({ ...everythingDead, failure_code: failure.error });
      showToast(retryAllDone(retried, left));
      onChange();
    });
  return (
    <li class="operator-job" data-testid="dead-group">
      <div class="operator-job-head">
        <h3>
          <code>{failure.error}</code>
        </h3>
        <span class="operator-state operator-state-dead">{words().dead(jobs)}</span>
      </div>
      <p>{refusalWords(failure)}</p>
      <p>
        <strong>{words().remedy}</strong> {remedies[failure.error] ?? otherRemedy}
      </p>
      {oldest_at !== null && newest_at !== null && <p class="operator-soft">{deadSince(formatWhen(oldest_at), formatWhen(newest_at))}</p>}
      {error !== null && <Notice kind="error">{error}</Notice>}
      <div class="operator-job-actions">
        <button type="button" class="button" disabled={isBusy} onClick={() => setAsking(true)} data-testid="retry-reason">
          <RetryIcon /> {isBusy ? retrying : retryAll(jobs)}
        </button>
      </div>
      {isAsking && (
        <ConfirmDialog title={retryAllTitle} confirmLabel={retryAll(jobs)} keepLabel={leave} isDestructive={false} onConfirm={retry} onClose={() => setAsking(false)}>
          {retryReasonText(failure.error)}
        </ConfirmDialog>
      )}
    </li>
  );
}
