import "./analysis-card.css";

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { RetryIcon, StopIcon, TrashIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { formatBytes, formatWhen } from "../../lib/format.ts";
import { cancelAnalysis, deleteClimb, retryAnalysis } from "./analyses.ts";
import { Progress } from "./progress.tsx";
import { isActive, type Analysis } from "./state.ts";
import { stateWords } from "./words.ts";

/** One climb in the list. */
export function AnalysisCard({ analysis, figures }: { analysis: Analysis; figures: Record<string, number> | undefined }) {
  const [error, setError] = useState<string | null>(null);
  const [isAsking, setAsking] = useState(false);
  const attempt = (action: Promise<void>) => {
    setError(null);
    action.catch((cause: unknown) => setError(asRequestError(cause).message));
  };
  const name = analysis.video.file_name;

  return (
    <li class="climb-card" data-testid="climb" data-id={analysis.id} data-state={analysis.state}>
      <div class="climb-card-head">
        <h2>
          <Link href={`/climbs/${analysis.id}`}>{name}</Link>
        </h2>
        <span class={`state-chip state-${analysis.state}`}>{stateWords[analysis.state]}</span>
      </div>
      {isActive(analysis) && <Progress analysis={analysis} figures={figures} />}
      {analysis.failure !== null && <Notice kind="error">{analysis.failure.detail}</Notice>}
      {error !== null && <Notice kind="error">{error}</Notice>}
      <div class="climb-card-foot">
        <p class="climb-card-facts">{factsOf(analysis)}</p>
        {isActive(analysis) && (
          <button type="button" class="button button-quiet" onClick={() => attempt(cancelAnalysis(analysis.id))} data-testid="cancel">
            <StopIcon /> Cancel
          </button>
        )}
        {(analysis.state === "failed" || analysis.state === "canceled") && (
          <button type="button" class="button" onClick={() => attempt(retryAnalysis(analysis.id))} data-testid="retry">
            <RetryIcon /> Try again
          </button>
        )}
        <button
          type="button"
          class="button button-quiet button-icon button-danger"
          aria-label={`Delete ${name}`}
          onClick={() => setAsking(true)}
          data-testid="delete"
        >
          <TrashIcon />
        </button>
      </div>
      {isAsking && (
        <ConfirmDialog title="Delete this climb?" confirmLabel="Delete" onConfirm={() => attempt(deleteClimb(analysis))} onClose={() => setAsking(false)}>
          {name} and everything measured in it will be removed for good.
        </ConfirmDialog>
      )}
    </li>
  );
}

function factsOf(analysis: Analysis): string {
  const facts = [formatWhen(analysis.created_at), formatBytes(analysis.video.size_bytes)];
  const seconds = analysis.summary?.["duration_s"];
  if (typeof seconds === "number") facts.push(`${seconds.toFixed(1)} s`);
  if (analysis.video.state === "expired") facts.push("video expired, skeleton kept");
  return facts.join(" · ");
}
