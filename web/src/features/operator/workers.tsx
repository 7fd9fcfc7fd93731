import { Notice } from "../../components/notice.tsx";
import { formatDuration } from "../../lib/format.ts";
import type { Worker } from "./requests.ts";
import { words } from "./words.ts";

/** Who works: slots, version, last report, what became of its runs. */
export function Workers({ workers }: { workers: readonly Worker[] }) {
  const { workers: title, noWorkers } = words();
  return (
    <section class="operator-part" aria-labelledby="operator-workers">
      <h2 id="operator-workers">{title}</h2>
      {workers.length === 0 && (
        <Notice kind="info" quiet>
          {noWorkers}
        </Notice>
      )}
      <ul class="operator-workers">
        {workers.map((worker) => (
          <WorkerLine key={worker.id} worker={worker} />
        ))}
      </ul>
    </section>
  );
}

function WorkerLine({ worker }: { worker: Worker }) {
  const { runs, draining, seen, counts } = words();
  const { jobs_done: done, jobs_crashed: crashed, jobs_claims_lost: lost } = worker.figures;
  return (
    <li data-testid="worker">
      <p class="operator-worker-head">
        <strong>{worker.id}</strong>
        <span class="operator-soft">{worker.version}</span>
      </p>
      <p>
        {runs(worker.running, worker.slots)}
        {worker.is_draining && <strong> · {draining}</strong>}
        <span class="operator-soft"> · {seen(formatDuration(worker.seen_s_ago))}</span>
      </p>
      {done !== undefined && crashed !== undefined && lost !== undefined && <p class="operator-soft">{counts(done, crashed, lost)}</p>}
    </li>
  );
}
