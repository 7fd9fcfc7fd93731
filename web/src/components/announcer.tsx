import { announcement } from "../lib/announcement.ts";
import { useStore } from "../lib/use-store.ts";

/** Reads out what changed, for those who listen instead of looking. */
export function Announcer() {
  return (
    <p class="visually-hidden" role="status" data-testid="announcer">
      {useStore(announcement)}
    </p>
  );
}
