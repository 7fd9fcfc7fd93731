import { useCallback, useEffect, useState } from "preact/hooks";

import { asRequestError, type RequestError } from "./errors.ts";
import { persist } from "./persist.ts";

export interface Loaded<T> {
  /** null until it is here; the last one while another is on its way. */
  value: T | null;
  /** Why it does not come. */
  error: RequestError | null;
  /** That, or why it takes longer than a moment. */
  reason: string | null;
  reload: () => void;
}

/** What the API answers; asked for anew by `reload`, and where `ask` is another one. */
export function useLoaded<T>(ask: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [value, setValue] = useState<T | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [error, setError] = useState<RequestError | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    persist({ signal, onTrouble: setTrouble }, () => ask(signal))
      .then((found) => {
        setValue(found);
        setError(null);
      })
      .catch((cause: unknown) => {
        if (!signal.aborted) setError(asRequestError(cause));
      });
    return () => leaving.abort();
  }, [ask, round]);
  return { value, error, reason: error?.message ?? trouble, reload: useCallback(() => setRound((last) => last + 1), []) };
}
