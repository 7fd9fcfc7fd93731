import "../player/facts.css";
import "../player/controls.css";
import "./chooser.css";

import { useEffect, useRef, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import type { Analysis } from "../../lib/api.ts";
import { asRequestError } from "../../lib/errors.ts";
import { formatWhen } from "../../lib/format.ts";
import { outcomeWords } from "../../lib/terms.ts";
import { useWallPicture } from "../player/wall-layer.tsx";
import { candidatesOf, outcomesOf, ordered, type Candidate } from "./candidates.ts";
import type { ComparisonBrief } from "./comparison.ts";
import { compare, useEarlier } from "./requests.ts";
import { briefWords, words } from "./words.ts";

interface Props {
  climb: Analysis;
  /** All that are known, newest first. */
  climbs: readonly Analysis[];
  /** Loads older ones; null where there are none. */
  onMore: (() => void) | null;
}

/** Which two attempts? One of this climb, and one of another climb or of the same clip. */
export function Chooser({ climb, climbs, onMore }: Props) {
  const [attempt, setAttempt] = useState(1);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [, navigate] = useLocation();
  const outcomes = outcomesOf(climb);
  const { here, sameRoute, others } = candidatesOf(climb, attempt, climbs);
  const choose = async (other: Candidate) => {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      const { id } = await compare(...ordered({ analysis_id: climb.id, attempt }, { analysis_id: other.analysis.id, attempt: other.attempt }));
      navigate(`/compare/${id}`);
    } catch (cause) {
      setError(asRequestError(cause).message);
      setBusy(false);
    }
  };
  if (outcomes === null) return <Notice kind="info">{words().choose.notReady}</Notice>;
  if (outcomes.length === 0) return <Notice kind="info">{words().choose.noAttempt}</Notice>;
  const { choose: said } = words();
  const isEmpty = here.length + sameRoute.length + others.length === 0 && onMore === null;
  const group = { onChoose: (other: Candidate) => void choose(other), isBusy };
  return (
    <div class="chooser" data-testid="chooser" aria-busy={isBusy}>
      {error !== null && <Notice kind="error">{error}</Notice>}
      {outcomes.length > 1 && <OwnAttempt outcomes={outcomes} chosen={attempt} onChoose={setAttempt} />}
      <Group title={said.here} candidates={here} {...group} />
      <Group title={said.sameRoute(climb.route ?? "")} candidates={sameRoute} {...group} />
      <Group title={said.others} note={said.othersNote} candidates={others} {...group} />
      {isEmpty && <Empty />}
      {onMore !== null && (
        <button type="button" class="button" onClick={onMore} data-testid="more">
          {said.more}
        </button>
      )}
      <Earlier climb={climb} />
    </div>
  );
}

function OwnAttempt({ outcomes, chosen, onChoose }: { outcomes: readonly string[]; chosen: number; onChoose: (attempt: number) => void }) {
  return (
    <section class="chooser-own">
      <h2>{words().choose.which}</h2>
      <div class="layers" role="group" aria-label={words().choose.which}>
        {outcomes.map((outcome, index) => (
          <button key={`${index} ${outcome}`} type="button" class="layer" aria-pressed={index + 1 === chosen} onClick={() => onChoose(index + 1)} data-testid="own-attempt">
            {words().choose.attempt(index + 1, outcomeWords(outcome))}
          </button>
        ))}
      </div>
    </section>
  );
}

interface GroupProps {
  title: string;
  note?: string;
  candidates: readonly Candidate[];
  isBusy: boolean;
  onChoose: (other: Candidate) => void;
}

function Group({ title, note, candidates, isBusy, onChoose }: GroupProps) {
  if (candidates.length === 0) return null;
  return (
    <section class="chooser-group">
      <h2>{title}</h2>
      {note !== undefined && <p class="facts-note">{note}</p>}
      <ul>
        {candidates.map((candidate) => (
          <li key={`${candidate.analysis.id} ${candidate.attempt}`}>
            <button type="button" class="candidate" aria-disabled={isBusy} onClick={() => onChoose(candidate)} data-id={candidate.analysis.id} data-attempt={candidate.attempt} data-testid="candidate">
              <Thumb analysis={candidate.analysis} />
              <span class="candidate-name">{candidate.analysis.video.file_name}</span>
              <span class="candidate-facts">{factsOf(candidate)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function factsOf({ analysis, attempt, outcome, isOnly }: Candidate): string {
  const result = isOnly ? outcomeWords(outcome) : words().choose.attempt(attempt, outcomeWords(outcome));
  return [formatWhen(analysis.created_at), result, ...(analysis.route === null ? [] : [analysis.route])].join(" · ");
}

/** The wall of a climb, fetched when its place comes into sight. */
function Thumb({ analysis }: { analysis: Analysis }) {
  const place = useRef<HTMLSpanElement>(null);
  const [isInSight, setInSight] = useState(false);
  useEffect(() => {
    if (place.current === null || !analysis.has_wall_picture) return undefined;
    const watching = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setInSight(true));
    watching.observe(place.current);
    return () => watching.disconnect();
  }, [analysis.has_wall_picture]);
  return (
    <span class="candidate-thumb" ref={place}>
      {isInSight && <WallThumb analysisId={analysis.id} />}
    </span>
  );
}

function WallThumb({ analysisId }: { analysisId: string }) {
  const { url, renew } = useWallPicture(analysisId, null);
  return url.state === "ready" ? <img src={url.value} alt="" onError={renew} /> : null;
}

function Empty() {
  const { emptyTitle, emptySteps, emptyAdd } = words().choose;
  return (
    <section class="chooser-empty" data-testid="compare-empty">
      <h2>{emptyTitle}</h2>
      <ol>
        {emptySteps.map(([what, how]) => (
          <li key={what}>
            <strong>{what}</strong> {how}
          </li>
        ))}
      </ol>
      <Link class="button button-primary" href="/">
        {emptyAdd}
      </Link>
    </section>
  );
}

function Earlier({ climb }: { climb: Analysis }) {
  const earlier = useEarlier(climb.id);
  if (earlier.length === 0) return null;
  return (
    <section class="chooser-group">
      <h2>{words().choose.earlier}</h2>
      <ul>
        {earlier.map((brief) => (
          <li key={brief.id}>
            <Link class="candidate candidate-earlier" href={`/compare/${brief.id}`} data-testid="earlier">
              <span class="candidate-name">{namesOf(brief)}</span>
              <span class="candidate-facts">{[formatWhen(brief.created_at), briefWords(brief)].join(" · ")}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** "slab.mp4 and slab-2.mp4" */
export function namesOf({ first, second }: Pick<ComparisonBrief, "first" | "second">): string {
  if (first.analysis_id !== second.analysis_id) {
    if (first.file_name !== second.file_name) return words().versus(first.file_name, second.file_name);
    return words().sameName(first.file_name, formatWhen(first.created_at), formatWhen(second.created_at));
  }
  return words().sameClip(first.file_name, first.attempt, second.attempt);
}
