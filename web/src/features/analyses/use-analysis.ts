import { useEffect, useState } from "preact/hooks";

import { asRequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { useStore } from "../../lib/use-store.ts";
import { analyses, loadAnalysis } from "./analyses.ts";

/** The analysis of a page's address, fetched where the list does not hold it yet. */
export function useAnalysis(id: string) {
  const analysis = useStore(analyses).items.find((item) => item.id === id);
  const [error, setError] = useState<string | null>(null);
  const isKnown = analysis !== undefined;
  useEffect(() => {
    if (isKnown) return undefined;
    const leaving = new AbortController();
    persist({ signal: leaving.signal, onTrouble: setError }, () => loadAnalysis(id)).catch((cause: unknown) => {
      if (!leaving.signal.aborted) setError(asRequestError(cause).message);
    });
    return () => leaving.abort();
  }, [id, isKnown]);
  return { analysis, error, setError };
}
