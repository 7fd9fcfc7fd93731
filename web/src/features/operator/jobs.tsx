import { useCallback, useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { RetryIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { showToast } from "../../lib/toast.ts";
import { JobCard } from "./job-card.tsx";
import { JobFilter } from "./job-filter.tsx";
import { cancelJob, everythingDead, loadJobs, retryDead, retryJob, type Filter, type Job } from "./requests.ts";
import { useRefreshed } from "./use-refreshed.ts";
import { words } from "./words.ts";

const few = 20;
const most = 100; // what one request answers

interface Props {
  /** How many are dead in all. */
  dead: number;
  /** Something was done: what surrounds the list is to look again. */
  onChange: () => void;
}

/** The jobs of a filter, newest first, and what may be done about them. */
export function Jobs({ dead, onChange }: Props) {
  const { jobs: title, noJobs, more, most: mostShown, retried, canceled, canceling } = words();
  const [filter, setFilter] = useState<Filter>(everythingDead);
  const [limit, setLimit] = useState(few);
  const { value: page, trouble, again } = useRefreshed(useCallback((signal: AbortSignal) => loadJobs(filter, limit, signal), [filter, limit]));
  const [error, setError] = useState<string | null>(null);
  const act = async (action: () => Promise<string>) => {
    setError(null);
    try {
      showToast(await action());
    } catch (cause) {
      setError(asRequestError(cause).message);
    }
    again();
    onChange();
  };
  const retry = (job: Job) => act(() => retryJob(job).then(() => retried));
  const cancel = (job: Job) => act(() => cancelJob(job).then((now) => (now.state === "canceled" ? canceled : canceling)));
  const problem = error ?? trouble;
  return (
    <section class="operator-part" aria-labelledby="operator-jobs">
      <h2 id="operator-jobs">{title}</h2>
      <JobFilter filter={filter} onChange={setFilter} />
      {problem !== null && <Notice kind="error">{problem}</Notice>}
      {filter.state === "dead" && page !== null && page.items.length > 0 && <RetryAll filter={filter} dead={dead} onRetry={act} />}
      {page?.items.length === 0 && (
        <p class="operator-soft" data-testid="no-jobs">
          {noJobs}
        </p>
      )}
      <ul class="operator-jobs">
        {page?.items.map((job) => (
          <JobCard key={job.id} job={job} onRetry={retry} onCancel={cancel} />
        ))}
      </ul>
      {page != null && page.next_cursor !== null && limit < most && (
        <button type="button" class="button" onClick={() => setLimit(most)} data-testid="more-jobs">
          {more}
        </button>
      )}
      {page != null && page.next_cursor !== null && limit === most && <p class="operator-soft">{mostShown}</p>}
    </section>
  );
}

interface RetryAllProps {
  filter: Filter;
  dead: number;
  onRetry: (action: () => Promise<string>) => Promise<void>;
}

function RetryAll({ filter, dead, onRetry }: RetryAllProps) {
  const { retryAll, retryAllTitle, retryAllText, retryAllDone, retrying, leave } = words();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const isEverything = filter.kind === null && filter.tier === null && filter.failure_code === null;
  const label = retryAll(isEverything ? dead : null);
  const retry = async () => {
    setBusy(true);
    await onRetry(() => retryDead(filter).then(({ retried, left }) => retryAllDone(retried, left)));
    setBusy(false);
  };
  return (
    <>
      <button type="button" class="button" disabled={isBusy} onClick={() => setAsking(true)} data-testid="retry-all">
        <RetryIcon /> {isBusy ? retrying : label}
      </button>
      {isAsking && (
        <ConfirmDialog title={retryAllTitle} confirmLabel={label} keepLabel={leave} isDestructive={false} onConfirm={() => void retry()} onClose={() => setAsking(false)}>
          {retryAllText}
        </ConfirmDialog>
      )}
    </>
  );
}
