import "./analysis-card.css";

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { NoPictureIcon, RetryIcon, StopIcon, TrashIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { attemptsIn } from "../../lib/attempts.ts";
import { focusHeading } from "../../lib/focus.ts";
import { formatBytes, formatWhen } from "../../lib/format.ts";
import { refusalWords } from "../../lib/refusals.ts";
import { capitalized, fixedWords, outcomeWords } from "../../lib/terms.ts";
import { useStep } from "../../lib/use-step.ts";
import { cancelAnalysis, deleteClimb, deleteClimbForGood, retryAnalysis } from "./analyses.ts";
import { DeleteDialog } from "./delete-dialog.tsx";
import { CleanAgain, KeepButton, LifetimeWords } from "./lifetime.tsx";
import { Progress } from "./progress.tsx";
import { isActive, type Analysis } from "./state.ts";
import { words } from "./words.ts";

/** One climb in the list. */
export function AnalysisCard({ analysis, figures }: { analysis: Analysis; figures: Record<string, number> | undefined }) {
  const { isBusy, error, take } = useStep();
  const [isAsking, setAsking] = useState(false);
  const [unkept, setUnkept] = useState<string | null>(null);
  const attempt = (action: (analysis: Analysis) => Promise<void>) => take(() => action(analysis));
  const name = analysis.video.file_name;
  return (
    <li class="climb-card" data-testid="climb" data-id={analysis.id} data-state={analysis.state}>
      <div class="climb-card-top">
        <Thumbnail of={analysis.thumbnail} />
        <div class="climb-card-words">
          <div class="climb-card-head">
            <h2>
              <Link href={`/climbs/${analysis.id}`}>{name}</Link>
            </h2>
            <span class={`state-chip state-${analysis.state}`}>{words().states[analysis.state]}</span>
          </div>
          {analysis.state === "completed" && <Outcome analysis={analysis} />}
          <p class="climb-card-facts">{factsOf(analysis)}</p>
          {analysis.tags.length > 0 && <Tags tags={analysis.tags} />}
        </div>
      </div>
      {isActive(analysis) && <Progress analysis={analysis} figures={figures} />}
      {analysis.failure !== null && <Notice kind="error" quiet>{refusalWords(analysis.failure)}</Notice>}
      {(error ?? unkept) !== null && <Notice kind="error">{error ?? unkept}</Notice>}
      <div class="climb-card-foot">
        <div class="climb-card-lifetime" data-testid="lifetime">
          <LifetimeWords analysis={analysis} />
        </div>
        <CleanAgain video={analysis.video} />
        <KeepButton analysis={analysis} onError={setUnkept} />
        {isActive(analysis) && (
          <button type="button" class="button button-quiet" aria-disabled={isBusy} aria-label={words().cancelOf(name)} onClick={() => attempt(cancelAnalysis)} data-testid="cancel">
            <StopIcon /> {words().cancel}
          </button>
        )}
        {(analysis.failure !== null || analysis.state === "canceled") && (
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
      {isAsking && <DeleteDialog name={name} onTrash={() => attempt(trash)} onRemove={() => attempt(remove)} onClose={() => setAsking(false)} />}
    </li>
  );
}

function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <ul class="climb-card-tags" aria-label={words().tags.title}>
      {tags.map((tag) => (
        <li key={tag}>{tag}</li>
      ))}
    </ul>
  );
}

/** The name beside it says all that it says; the room is the same without a picture. */
function Thumbnail({ of }: { of: Analysis["thumbnail"] }) {
  return (
    <div class="climb-card-picture" data-testid="thumbnail">
      {of === null ? <NoPictureIcon /> : <img src={of.url} width={of.width_px} height={of.height_px} alt="" loading="lazy" decoding="async" />}
    </div>
  );
}

/** What came out of it, and on which route. */
function Outcome({ analysis: { route, summary } }: { analysis: Analysis }) {
  const attempts = attemptsIn(summary ?? {}) ?? [];
  const scores = attempts.flatMap(({ score }) => (score === null ? [] : [score]));
  const { scoreOf, bestScoreOf, attempts: attemptsWords } = words();
  const said = [
    ...(route === null ? [] : [route]),
    ...(attempts.length > 1 ? [attemptsWords(attempts.length)] : attempts.map(({ outcome }) => outcomeWords(outcome))),
    ...(scores.length === 0 ? [] : [(attempts.length > 1 ? bestScoreOf : scoreOf)(Math.round(Math.max(...scores)))]),
  ];
  return said.length === 0 ? null : <p class="climb-card-outcome">{capitalized(said.join(" · "))}</p>;
}

async function trash(analysis: Analysis): Promise<void> {
  await deleteClimb(analysis);
  focusHeading({ preventScroll: true }); // the button goes with the card
}

async function remove(analysis: Analysis): Promise<void> {
  await deleteClimbForGood(analysis);
  focusHeading({ preventScroll: true }); // the button goes with the card
}

function factsOf(analysis: Analysis): string {
  const seconds = analysis.summary?.["duration_s"];
  const facts = [formatWhen(analysis.created_at), typeof seconds === "number" ? `${fixedWords(seconds, 1)}\u00a0s` : formatBytes(analysis.video.size_bytes)];
  if (analysis.video.state === "expired") facts.push(words().expired);
  return facts.join(" · ");
}
