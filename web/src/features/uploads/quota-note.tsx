import { Notice } from "../../components/notice.tsx";
import { session } from "../../lib/session.ts";
import { useStore } from "../../lib/use-store.ts";
import { quotaObstacle } from "../../lib/user.ts";
import { words } from "./words.ts";

/** What is left of the month, before anything is filmed or sent. */
export function QuotaNote() {
  const current = useStore(session);
  if (current.state !== "in") return null;
  const { limit, used } = current.user.quota;
  const obstacle = quotaObstacle(current.user);
  if (obstacle !== null) {
    return (
      <Notice kind="error" testId="quota-used-up">
        {obstacle}
      </Notice>
    );
  }
  return (
    <p class="quota-note" data-testid="quota">
      {words().quota(limit - used, limit)}
    </p>
  );
}
