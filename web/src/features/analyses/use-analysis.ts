import { useEffect, useRef, useState } from "preact/hooks";

import { earlyRow } from "../../lib/early.ts";
import { asRequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { useStore } from "../../lib/use-store.ts";
import { analyses, loadAnalysis, loadFirstPage, lookAgain, putAnalysis } from "./analyses.ts";
import { looks } from "./live.ts";

/**
 * The analysis of a page's address, fetched where the list does not hold it yet. `absence`: there is none, because it
 * was deleted while it was shown, or for all that is known here.
 */
export function useAnalysis(id: string) {
  const analysis = useStore(analyses).items.find((item) => item.id === id);
  const look = useStore(looks);
  const [error, setError] = useState<string | null>(null);
  const [isAbsent, setAbsent] = useState(false);
  const isKnown = analysis !== undefined;
  const wasKnown = useRef(isKnown);
  if (isKnown) wasKnown.current = true;
  useEffect(() => {
    if (isKnown) return undefined;
    const leaving = new AbortController();
    persist({ signal: leaving.signal, onTrouble: setError }, () => loadShown(id)).catch((cause: unknown) => {
      if (leaving.signal.aborted) return;
      const { status, message } = asRequestError(cause);
      if (status === 404) setAbsent(true);
      else setError(message);
    });
    return () => leaving.abort();
  }, [id, isKnown]);
  const answered = useRef(look);
  useEffect(() => {
    if (look === answered.current) return;
    answered.current = look;
    if (wasKnown.current) void lookAgain(id).catch(() => undefined); // the next look asks again
  }, [id, look]);
  const absence: "deleted" | "unknown" | null = isKnown || !isAbsent ? null : wasKnown.current ? "deleted" : "unknown";
  return { analysis, absence, error, setError };
}

/** Whoever shows the list asks for it, unless it is known already. What happens to it then is told by the socket, or polled. */
export function useFirstPage(): void {
  useEffect(() => {
    if (!analyses.get().loaded) void loadFirstPage().catch(() => undefined); // the socket brings it, too
  }, []);
}

async function loadShown(id: string): Promise<void> {
  const row = await earlyRow(id);
  if (row === null) await loadAnalysis(id);
  else putAnalysis(row);
}
