import "./analysis-card.css";

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { RetryIcon, StopIcon, TrashIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { focusHeading } from "../../lib/focus.ts";
import { formatBytes, formatWhen } from "../../lib/format.ts";
import { fixedWords } from "../../lib/terms.ts";
import { cancelAnalysis, deleteClimb, retryAnalysis } from "./analyses.ts";
import { Progress } from "./progress.tsx";
import { isActive, type Analysis } from "./state.ts";
import { words } from "./words.ts";

/** One climb in the list. */
export function AnalysisCard({ analysis, figures }: { analysis: Analysis; figures: Record<string, number> | undefined }) {
  const [error, setError] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const attempt = (action: (analysis: Analysis) => Promise<void>) => {
    if (isBusy) return;
    setError(null);
    setBusy(true);
    action(analysis)
      .catch((cause: unknown) => setError(asRequestError(cause).message))
      .finally(() => setBusy(false));
  };
  const name = analysis.video.file_name;
  return (
    <li class="climb-card" data-testid="climb" data-id={analysis.id} data-state={analysis.state}>
      <div class="climb-card-head">
        <h2>
          <Link href={`/climbs/${analysis.id}`}>{name}</Link>
        </h2>
        <span class={`state-chip state-${analysis.state}`}>{words().states[analysis.state]}</span>
      </div>
      {isActive(analysis) && <Progress analysis={analysis} figures={figures} />}
      {analysis.failure !== null && (
        <Notice kind="error" quiet>
          {analysis.failure.detail}
        </Notice>
      )}
      {error !== null && <Notice kind="error">{error}</Notice>}
      <div class="climb-card-foot">
        <p class="climb-card-facts">{factsOf(analysis)}</p>
        {isActive(analysis) && (
          <button type="button" class="button button-quiet" aria-disabled={isBusy} aria-label={words().cancelOf(name)} onClick={() => attempt(cancelAnalysis)} data-testid="cancel">
            <StopIcon /> {words().cancel}
          </button>
        )}
        {(analysis.state === "failed" || analysis.state === "canceled") && (
          <button type="button" class="button" aria-disabled={isBusy} aria-label={words().againOf(name)} onClick={() => attempt(retryAnalysis)} data-testid="retry">
            <RetryIcon /> {words().again}
          </button>
        )}
        <button
          type="button"
          class="button button-quiet button-icon button-danger"
          aria-disabled={isBusy}
          aria-label={words().removeOf(name)}
          onClick={() => setAsking(true)}
          data-testid="delete"
        >
          <TrashIcon />
        </button>
      </div>
      {isAsking && (
        <ConfirmDialog title={words().removeTitle} confirmLabel={words().remove} onConfirm={() => attempt(remove)} onClose={() => setAsking(false)}>
          {words().removeText(name)}
        </ConfirmDialog>
      )}
    </li>
  );
}

async function remove(analysis: Analysis): Promise<void> {
  await deleteClimb(analysis);
  focusHeading({ preventScroll: true }); // the button goes with the card
}

function factsOf(analysis: Analysis): string {
  const facts = [formatWhen(analysis.created_at), formatBytes(analysis.video.size_bytes)];
  const seconds = analysis.summary?.["duration_s"];
  if (typeof seconds === "number") facts.push(`${fixedWords(seconds, 1)} s`);
  if (analysis.video.state === "expired") facts.push(words().expired);
  return facts.join(" · ");
}
