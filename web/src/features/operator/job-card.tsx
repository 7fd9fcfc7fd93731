import { useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { RetryIcon, StopIcon } from "../../components/icons.tsx";
import { formatClockTime, formatDuration, formatWhen } from "../../lib/format.ts";
import { language } from "../../lib/language.ts";
import { refusalWords } from "../../lib/refusals.ts";
import { tierWords } from "../../lib/terms.ts";
import type { Job } from "./requests.ts";
import { nameOf, words } from "./words.ts";

interface Props {
  job: Job;
  onRetry: (job: Job) => Promise<void>;
  onCancel: (job: Job) => Promise<void>;
}

/** One job: what it is, why it ended, what may be done. */
export function JobCard({ job, onRetry, onCancel }: Props) {
  const { kinds, states, asked, cost, resting, retry, cancel, cancelTitle, cancelText, cancelJob } = words();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const act = async (action: Props["onRetry"]) => {
    setBusy(true);
    await action(job);
    setBusy(false);
  };
  const isOpen = (job.state === "queued" || job.state === "processing") && !job.cancel_requested;
  return (
    <li class="operator-job" data-testid="job" data-state={job.state}>
      <div class="operator-job-head">
        <h3>
          {nameOf(kinds, job.kind)} <span class="operator-soft">· {tierWords(job.tier)}</span>
        </h3>
        <span class={`operator-state operator-state-${job.state}`}>{nameOf(states, job.state)}</span>
      </div>
      {job.failure !== null && <p>{refusalWords(job.failure)}</p>}
      <p class="operator-soft">
        {asked(formatWhen(job.created_at))} · {cost(job.attempt, job.crashes)}
        {job.resting_until !== null && ` · ${resting(formatClockTime(job.resting_until))}`}
        {job.state === "processing" && ` · ${(job.stage ?? "").replaceAll("_", " ")} ${job.progress_pct} %`}
      </p>
      <JobFacts job={job} />
      <div class="operator-job-actions">
        {(job.state === "dead" || job.state === "failed") && (
          <button type="button" class="button" disabled={isBusy} onClick={() => void act(onRetry)} data-testid="retry-job">
            <RetryIcon /> {retry}
          </button>
        )}
        {isOpen && (
          <button type="button" class="button" disabled={isBusy} onClick={() => setAsking(true)} data-testid="cancel-job">
            <StopIcon /> {cancel}
          </button>
        )}
      </div>
      {isAsking && (
        <ConfirmDialog title={cancelTitle} confirmLabel={cancelJob} onConfirm={() => void act(onCancel)} onClose={() => setAsking(false)}>
          {cancelText}
        </ConfirmDialog>
      )}
    </li>
  );
}

function JobFacts({ job }: { job: Job }) {
  const { details, facts } = words();
  const time = (iso: string | null) => (iso === null ? null : new Date(iso).toLocaleString(language.get()));
  const stages = Object.entries(job.timings ?? {}).map(([name, seconds]) => `${name} ${formatDuration(seconds)}`);
  const rows: [string, string | null][] = [
    [facts.job, job.id],
    [facts.about, job.subject_id],
    [facts.user, job.user_id],
    [facts.code, job.failure?.error ?? null],
    [facts.interruptions, job.interruptions > 0 ? String(job.interruptions) : null],
    [facts.worker, job.worker_id],
    [facts.request, job.request_id],
    [facts.started, time(job.started_at)],
    [facts.ended, time(job.finished_at)],
    [facts.stages, stages.length > 0 ? stages.join(", ") : null],
  ];
  return (
    <details class="operator-facts">
      <summary>{details}</summary>
      <dl>
        {rows.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </details>
  );
}
