import { useEffect, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { logWords } from "./log-words.ts";
import { verifyLog, type Verdict } from "./requests.ts";

/** Then it stops and can go on: a log of years is not computed by a page that somebody left open. */
const longestMs = 120_000;

/** Whether each entry follows from the one before: computed when it is asked for, part by part. */
export function Verification() {
  const { chain, chainText, check, goOn, stop, checking, whole, headText, changed, paused } = logWords();
  const { verdict, isRunning, error, run, halt } = useVerification();
  const isPaused = verdict !== null && !verdict.is_over && !isRunning;
  return (
    <section class="operator-part" aria-labelledby="operator-chain">
      <h2 id="operator-chain">{chain}</h2>
      <p class="operator-soft">{chainText}</p>
      {error !== null && <Notice kind="error">{error}</Notice>}
      {isRunning && <ProgressBar label={checking} percent={percentOf(verdict)} />}
      {isPaused && <p>{paused(verdict.position, verdict.last_position)}</p>}
      {verdict?.is_over === true && verdict.fault === null && (
        <Notice kind="info" testId="log-whole">
          {whole(verdict.position - verdict.after_position)}
        </Notice>
      )}
      {verdict?.is_over === true && verdict.fault === null && (
        <p class="operator-soft">
          {headText} <code class="operator-head">{verdict.head}</code>
        </p>
      )}
      {verdict?.fault != null && (
        <Notice kind="error" testId="log-changed">
          {changed(verdict.fault)}
        </Notice>
      )}
      <div class="operator-job-actions">
        <button type="button" class="button" onClick={isRunning ? halt : run} data-testid="check-log">
          {isRunning ? stop : isPaused ? goOn : check}
        </button>
      </div>
    </section>
  );
}

function percentOf(verdict: Verdict | null): number | null {
  if (verdict === null || verdict.last_position <= verdict.after_position) return null;
  return (100 * (verdict.position - verdict.after_position)) / (verdict.last_position - verdict.after_position);
}

function useVerification() {
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const stopper = useRef<AbortController | null>(null);
  const halt = () => stopper.current?.abort();
  useEffect(() => halt, []);
  const run = async () => {
    const leaving = new AbortController();
    stopper.current = leaving;
    setRunning(true);
    setError(null);
    const untilMs = performance.now() + longestMs;
    let last = verdict?.is_over === false ? verdict : null;
    setVerdict(last);
    try {
      do {
        last = await verifyLog(last?.head ?? null);
        setVerdict(last);
      } while (!last.is_over && !leaving.signal.aborted && performance.now() < untilMs);
    } catch (cause) {
      setError(asRequestError(cause).message);
    }
    setRunning(false);
  };
  return { verdict, isRunning, error, run: () => void run(), halt };
}
