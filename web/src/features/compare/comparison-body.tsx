import "./compare.css";

import { Link } from "wouter-preact";

import { RetryIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { refusalWords } from "../../lib/refusals.ts";
import { useStep } from "../../lib/use-step.ts";
import { CompareView } from "./compare-view.tsx";
import { chooserOf, isUnderWay, type Comparison } from "./comparison.ts";
import { compare } from "./requests.ts";
import { words } from "./words.ts";

interface Props {
  comparison: Comparison;
  /** After it was asked for anew. */
  onChange: (next: Comparison) => void;
}

/** A comparison in any state. What is there stays on screen while it is made anew. */
export function ComparisonBody({ comparison, onChange }: Props) {
  const { result, stale, state } = comparison;
  const isBusy = isUnderWay(comparison);
  return (
    <>
      {isBusy && <UnderWay comparison={comparison} />}
      {!isBusy && state !== "completed" && <Failed comparison={comparison} onChange={onChange} />}
      {state === "completed" && stale && (
        <div class="compare-note" data-testid="stale">
          <Notice kind="info">{words().stale}</Notice>
          <Again comparison={comparison} onChange={onChange} label={words().again} />
        </div>
      )}
      {result !== null && <CompareView comparison={comparison} compared={result} />}
    </>
  );
}

function UnderWay({ comparison: { result, progress_pct: percent, state } }: { comparison: Comparison }) {
  return (
    <section class="compare-progress" role="status" data-testid="comparing">
      <h2>{words().under_way}</h2>
      <ProgressBar label={words().under_way} percent={state === "queued" || percent === 0 ? null : percent} />
      <p class="facts-note">{result === null ? words().under_way_note : words().remaking}</p>
    </section>
  );
}

/** What lies in the clips is the same when it is tried again. */
const settled: readonly string[] = ["walls_differ", "wall_texture_missing", "wall_picture_missing", "nothing_shared", "attempt_missing"];

/** Why not, and what to do about it. */
function Failed({ comparison, onChange }: Props) {
  const { failure } = comparison;
  const reason = failure === null ? words().choose.states.canceled : refusalWords(failure);
  return (
    <div class="compare-note">
      <Notice kind="error" testId="failure">
        {reason}
      </Notice>
      <Link class="button" href={chooserOf(comparison)}>
        {words().other}
      </Link>
      {(failure === null || !settled.includes(failure.error)) && <Again comparison={comparison} onChange={onChange} label={words().retry} />}
    </div>
  );
}

function Again({ comparison: { first, second }, onChange, label }: Props & { label: string }) {
  const { isBusy, error, take } = useStep();
  const again = () =>
    take(async () => onChange(await compare({ analysis_id: first.analysis_id, attempt: first.attempt }, { analysis_id: second.analysis_id, attempt: second.attempt })));
  return (
    <>
      <button type="button" class="button" aria-disabled={isBusy} onClick={again} data-testid="compare-again">
        <RetryIcon /> {label}
      </button>
      {error !== null && <Notice kind="error">{error}</Notice>}
    </>
  );
}
