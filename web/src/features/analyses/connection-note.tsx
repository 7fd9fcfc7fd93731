import { useStore } from "../../lib/use-store.ts";
import { isLive } from "./live.ts";
import { words } from "./words.ts";

/** A dot: green while progress arrives by itself, hollow while the page has to ask. */
export function ConnectionNote() {
  const live = useStore(isLive);
  return (
    <span class={`connection-note${live ? " connection-note-live" : ""}`} data-testid="connection" data-live={live}>
      {live ? words().live : words().reconnecting}
    </span>
  );
}
