/**
 * Seconds to wait before attempt number `attempt` (0 is the first repetition):
 * exponential from `baseS` to `limitS`, with full jitter so that clients do not return in step.
 */
export function backoffS(attempt: number, baseS = 0.5, limitS = 20, random: () => number = Math.random): number {
  const ceilingS = Math.min(limitS, baseS * 2 ** attempt);
  return ceilingS * (0.5 + 0.5 * random());
}

/** Resolves after `seconds`, sooner when the network returns; rejects when `signal` aborts. */
export function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", finish);
      signal?.removeEventListener("abort", abort);
    };
    const finish = () => {
      end();
      resolve();
    };
    const abort = () => {
      end();
      reject(new DOMException("Stopped", "AbortError"));
    };
    const timer = setTimeout(finish, seconds * 1000);
    window.addEventListener("online", finish);
    signal?.addEventListener("abort", abort);
    if (signal?.aborted === true) abort();
  });
}
