import { useEffect, useState } from "preact/hooks";

import { asRequestError } from "../../lib/errors.ts";
import { reloadUser } from "../../lib/user.ts";

const everyMs = 5000;
const GONE = 404;

export interface Refreshed<T> {
  value: T | null;
  trouble: string | null;
  /** Ask now. */
  again: () => void;
}

/** The answer of now, asked for again every five seconds while the page is looked at; one request at a time. */
export function useRefreshed<T>(ask: (signal: AbortSignal) => Promise<T>): Refreshed<T> {
  const [value, setValue] = useState<T | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const turn = async () => {
      try {
        if (!document.hidden) {
          setValue(await ask(signal));
          setTrouble(null);
        }
      } catch (cause) {
        if (signal.aborted) return;
        const error = asRequestError(cause);
        setTrouble(error.message);
        if (error.status === GONE) void reloadUser().catch(() => undefined); // an operator no more: the page goes
      }
      if (!signal.aborted) timer = setTimeout(() => void turn(), everyMs);
    };
    void turn();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [ask, round]);
  return { value, trouble, again: () => setRound((before) => before + 1) };
}
