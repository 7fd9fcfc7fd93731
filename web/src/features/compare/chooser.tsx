import "../player/facts.css";
import "../player/controls.css";
import "./chooser.css";

import { useEffect, useRef, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { formatWhen } from "../../lib/format.ts";
import { outcomeWords } from "../../lib/terms.ts";
import { useStep } from "../../lib/use-step.ts";
import { useWallPicture } from "../player/wall-layer.tsx";
import { candidatesOf, ordered, type Candidate, type SeenClimb } from "./candidates.ts";
import type { ComparedSide, ComparisonBrief } from "./comparison.ts";
import { compare, useEarlier } from "./requests.ts";
import { briefWords, words } from "./words.ts";

interface Props {
  climb: SeenClimb;
  /** All that are known, newest first. */
  climbs: readonly SeenClimb[];
  /** Loads older ones; null where there are none. */
  onMore: (() => void) | null;
}

/** Which two attempts? One of this climb, and one of another climb or of the same clip. */
export function Chooser({ climb, climbs, onMore }: Props) {
  const [attempt, setAttempt] = useState(1);
  const { isBusy, error, take } = useStep();
  const [, navigate] = useLocation();
  const { outcomes } = climb;
  const { here, sameRoute, others } = candidatesOf(climb, attempt, climbs);
  const choose = (other: Candidate) =>
    take(async () => {
      const { id } = await compare(...ordered({ analysis_id: climb.id, attempt }, { analysis_id: other.climb.id, attempt: other.attempt }));
      navigate(`/compare/${id}`);
    });
  if (outcomes === null) return <Notice kind="info">{words().choose.notReady}</Notice>;
  if (outcomes.length === 0) return <Notice kind="info">{words().choose.noAttempt}</Notice>;
  const { choose: said } = words();
  const isEmpty = here.length + sameRoute.length + others.length === 0 && onMore === null;
  const group = { onChoose: choose, isBusy };
  return (
    <div class="chooser" data-testid="chooser" aria-busy={isBusy}>
      {error !== null && <Notice kind="error">{error}</Notice>}
      {outcomes.length > 1 && <OwnAttempt outcomes={outcomes} chosen={attempt} onChoose={setAttempt} />}
      <Group title={said.here} candidates={here} {...group} />
      <Group title={said.sameRoute(climb.route ?? "")} candidates={sameRoute} {...group} />
      <Group title={climb.climber === null ? said.others : said.othersSeen} note={said.othersNote} candidates={others} {...group} />
      {isEmpty && (climb.climber === null ? <Empty /> : <p data-testid="compare-empty">{said.emptySeen}</p>)}
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
          <li key={`${candidate.climb.id} ${candidate.attempt}`}>
            <button type="button" class={candidate.climb.climber === null ? "candidate" : "candidate candidate-earlier"} aria-disabled={isBusy} onClick={() => onChoose(candidate)} data-id={candidate.climb.id} data-attempt={candidate.attempt} data-testid="candidate">
              {candidate.climb.climber === null && <Thumb climb={candidate.climb} />}
              <span class="candidate-name">{titleOf(candidate.climb)}</span>
              <span class="candidate-facts">{factsOf(candidate)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function factsOf({ climb, attempt, outcome, isOnly }: Candidate): string {
  const result = isOnly ? outcomeWords(outcome) : words().choose.attempt(attempt, outcomeWords(outcome));
  return [formatWhen(climb.createdAt), result, ...(climb.route === null ? [] : [climb.route])].join(" · ");
}

/** The wall of a climb, fetched when its place comes into sight. */
function Thumb({ climb }: { climb: SeenClimb }) {
  const place = useRef<HTMLSpanElement>(null);
  const [isInSight, setInSight] = useState(false);
  useEffect(() => {
    if (place.current === null || !climb.hasWallPicture) return undefined;
    const watching = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setInSight(true));
    watching.observe(place.current);
    return () => watching.disconnect();
  }, [climb.hasWallPicture]);
  return (
    <span class="candidate-thumb" ref={place}>
      {isInSight && <WallThumb analysisId={climb.id} />}
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

function Earlier({ climb }: { climb: SeenClimb }) {
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

/** A clip, and whose it is where it is not one's own. */
function titleOf({ name, climber }: { name: string; climber: string | null }): string {
  return climber === null ? name : words().clipOf(name, climber);
}

function nameOf({ file_name: name, climber }: ComparedSide): string {
  return titleOf({ name, climber });
}

/** "slab.mp4 and slab-2.mp4" */
export function namesOf({ first, second }: Pick<ComparisonBrief, "first" | "second">): string {
  if (first.analysis_id !== second.analysis_id) {
    if (nameOf(first) !== nameOf(second)) return words().versus(nameOf(first), nameOf(second));
    return words().sameName(nameOf(first), formatWhen(first.created_at), formatWhen(second.created_at));
  }
  return words().sameClip(nameOf(first), first.attempt, second.attempt);
}
