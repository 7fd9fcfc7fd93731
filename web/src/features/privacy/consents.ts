import { useEffect } from "preact/hooks";

import { createStore } from "../../lib/store.ts";
import { useStore } from "../../lib/use-store.ts";
import { loadConsents, type Consents } from "./requests.ts";

/** What the account agreed to; null: not known yet. Shared by the question and the account's page. */
const consents = createStore<Consents | null>(null);

export const putConsents = (now: Consents) => consents.set(now);

export function useConsents(): Consents | null {
  return useStore(consents);
}

/** Asks once for each account that logs in. */
export function useConsentsOf(userId: string): void {
  useEffect(() => {
    const leaving = new AbortController();
    loadConsents(leaving.signal)
      .then(putConsents)
      .catch(() => undefined); // an upload that needs it will say so
    return () => {
      leaving.abort();
      consents.set(null);
    };
  }, [userId]);
}
