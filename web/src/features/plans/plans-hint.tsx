import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { session } from "../../lib/session.ts";
import { useStore } from "../../lib/use-store.ts";
import { quotaObstacle } from "../../lib/user.ts";
import { loadPlan, tiers } from "./requests.ts";
import { words } from "./words.ts";

/** Where more analyses can be had: for who has none left, where plans are sold and there is a larger one. */
export function PlansHint() {
  const current = useStore(session);
  const isUsedUp = current.state === "in" && quotaObstacle(current.user) !== null;
  const [hasMore, setHasMore] = useState(false);
  useEffect(() => {
    if (!isUsedUp) return;
    const leaving = new AbortController();
    loadPlan(leaving.signal)
      .then((plan) => setHasMore(plan.can_pay && plan.tier !== tiers.at(-1)))
      .catch(() => undefined); // the account's page says what is wrong
    return () => leaving.abort();
  }, [isUsedUp]);
  if (!isUsedUp || !hasMore) return null;
  return (
    <Link href="/account" class="button" data-testid="see-plans">
      {words().moreAnalyses}
    </Link>
  );
}
