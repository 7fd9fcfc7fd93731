import { backoffS, wait } from "./backoff.ts";
import { asRequestError, isAbort } from "./errors.ts";
import { words } from "./words.ts";

/** Shorter pauses are over before they are read. */
const worthSayingS = 5;

interface Patience {
  signal: AbortSignal;
  /** A reason while waiting for the next attempt; null when it went on. */
  onTrouble: (reason: string | null) => void;
  /** Attempts before giving up; those made without any network do not count. */
  attempts?: number;
}

/** Repeats a step while its trouble may pass, waiting longer each time. Throws RequestError or AbortError. */
export async function persist<T>({ signal, onTrouble, attempts = Infinity }: Patience, step: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const value = await step();
      if (attempt > 0) onTrouble(null);
      return value;
    } catch (cause) {
      if (isAbort(cause)) throw cause;
      const error = asRequestError(cause);
      const isOffline = !navigator.onLine;
      if (!error.temporary || (attempt + 1 >= attempts && !isOffline)) throw error;
      const pauseS = error.retryAfterS ?? backoffS(Math.min(attempt, 6));
      onTrouble(isOffline ? words().offline : words().tryingAgain(error.message, pauseS < worthSayingS ? null : Math.ceil(pauseS)));
      await wait(pauseS, signal);
      if (isOffline && navigator.onLine) onTrouble(null); // the next attempt may take minutes: nobody is offline during it
    }
  }
}
