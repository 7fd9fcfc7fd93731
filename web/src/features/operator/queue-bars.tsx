import { formatDuration } from "../../lib/format.ts";
import { tierWords } from "../../lib/terms.ts";
import type { Tier } from "./requests.ts";
import { words } from "./words.ts";

/** Each tier as a bar of what runs, waits and is dead, all on one scale, with the same in words. */
export function QueueBars({ tiers }: { tiers: readonly Tier[] }) {
  const { queue, nothing } = words();
  const longest = Math.max(...tiers.map(total));
  const isQuiet = tiers.every((tier) => tier.queued.jobs === 0 && tier.dead.jobs === 0);
  return (
    <section class="operator-part" aria-labelledby="operator-queue">
      <h2 id="operator-queue">{queue}</h2>
      {isQuiet && (
        <p class="operator-quiet" data-testid="operator-quiet">
          {nothing}
        </p>
      )}
      {longest > 0 && (
        <ul class="operator-tiers">
          {tiers.map((tier) => (
            <TierBar key={tier.tier} tier={tier} longest={longest} />
          ))}
        </ul>
      )}
    </section>
  );
}

function total({ queued, processing, dead }: Tier): number {
  return queued.jobs + processing.jobs + dead.jobs;
}

function TierBar({ tier, longest }: { tier: Tier; longest: number }) {
  const { waiting, running, dead } = words();
  const { queued, processing } = tier;
  const parts = { running: processing.jobs, waiting: queued.jobs, dead: tier.dead.jobs };
  return (
    <li class="operator-tier" data-testid={`tier-${tier.tier}`}>
      <h3>{tierWords(tier.tier)}</h3>
      <div class="operator-bar" aria-hidden="true">
        {Object.entries(parts).map(([name, jobs]) => jobs > 0 && <span key={name} class={`operator-bar-${name}`} style={{ flexBasis: `${(100 * jobs) / longest}%` }} />)}
      </div>
      <p>
        <span class="operator-key operator-key-running">{running(processing.jobs)}</span>
        <span class="operator-key operator-key-waiting">{waiting(queued.jobs, formatDuration(queued.oldest_s ?? 0))}</span>
        <span class="operator-key operator-key-dead">{dead(tier.dead.jobs)}</span>
      </p>
    </li>
  );
}
