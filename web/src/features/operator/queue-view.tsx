import { Notice } from "../../components/notice.tsx";
import { DeadGroups } from "./dead-groups.tsx";
import { Jobs } from "./jobs.tsx";
import { Lately } from "./lately.tsx";
import { QueueBars } from "./queue-bars.tsx";
import { loadQueue, type Queue } from "./requests.ts";
import { useRefreshed } from "./use-refreshed.ts";
import { Workers } from "./workers.tsx";
import { words } from "./words.ts";

/** What waits, runs and is dead; who works; what an operator may do about it. */
export function QueueView() {
  const { value: queue, trouble, again } = useRefreshed(loadQueue);
  return (
    <>
      {trouble !== null && <Notice kind="error">{trouble}</Notice>}
      {queue === null && trouble === null && <p aria-busy="true">{words().loading}</p>}
      {queue !== null && (
        <div class="operator" data-testid="operator">
          <p class="operator-soft">{words().refreshed}</p>
          <QueueBars tiers={queue.tiers} />
          <div class="operator-beside">
            <Workers workers={queue.workers} />
            <Lately queue={queue} />
          </div>
          {deadIn(queue) > 0 && <DeadGroups onChange={again} />}
          <Jobs dead={deadIn(queue)} onChange={again} />
        </div>
      )}
    </>
  );
}

function deadIn(queue: Queue): number {
  return queue.tiers.reduce((sum, tier) => sum + tier.dead.jobs, 0);
}
