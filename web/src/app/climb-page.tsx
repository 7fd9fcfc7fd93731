import "./climb-page.css";

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { ErrorBoundary } from "../components/error-boundary.tsx";
import { BackIcon, CompareIcon, RetryIcon, StopIcon, TrashIcon } from "../components/icons.tsx";
import { Notice } from "../components/notice.tsx";
import { analyses, cancelAnalysis, correctAnalysis, deleteClimb, deleteClimbForGood, loadAnalysis, retryAnalysis } from "../features/analyses/analyses.ts";
import { DeleteDialog } from "../features/analyses/delete-dialog.tsx";
import { listAddress } from "../features/analyses/filter.ts";
import { KeepButton, LifetimeWords } from "../features/analyses/lifetime.tsx";
import { Progress } from "../features/analyses/progress.tsx";
import { isActive, isUnseen, type Analysis } from "../features/analyses/state.ts";
import { useAnalysis } from "../features/analyses/use-analysis.ts";
import { words } from "../features/analyses/words.ts";
import { OriginalSwitch } from "../features/corrections/original-switch.tsx";
import { useDesk } from "../features/corrections/requests.ts";
import { useWorkbench } from "../features/corrections/use-workbench.tsx";
import { ClimberFinder } from "../features/player/finder.tsx";
import { Player } from "../features/player/player.tsx";
import { useDeviceClips } from "../features/uploads/use-device-clips.ts";
import { useTalk } from "../features/sharing/comments.tsx";
import { ShareButton } from "../features/sharing/share-dialog.tsx";
import { api, type Choices } from "../lib/api.ts";
import { asRequestError } from "../lib/errors.ts";
import { focusHeading } from "../lib/focus.ts";
import { formatWhen } from "../lib/format.ts";
import { refusalWords } from "../lib/refusals.ts";
import { useStore } from "../lib/use-store.ts";
import { Late } from "./late.tsx";
import { PageHeading } from "./page-heading.tsx";
import { pages } from "./pages.ts";

/** Keeps the room of a line. */
const noWords = "\u00a0";

/** One climb: what is going on with it, or the player. */
export function ClimbPage({ id }: { id: string }) {
  const { analysis, absence, error, setError } = useAnalysis(id);
  if (absence !== null) return <AbsentPage absence={absence} />;
  const name = analysis?.video.file_name ?? words().climb;

  return (
    <main class="page climb-page" aria-busy={analysis === undefined && error === null}>
      <div class="climb-page-head">
        <Link href={listAddress.get()} class="button button-quiet button-icon" aria-label={words().back}>
          <BackIcon />
        </Link>
        <div class="climb-page-name">
          <PageHeading title={name} />
          <p class="climb-page-when">{analysis === undefined ? noWords : formatWhen(analysis.created_at)}</p>
          {analysis === undefined ? <p>{noWords}</p> : <LifetimeWords analysis={analysis} />}
        </div>
        {analysis !== undefined && (
          <div class="climb-page-actions">
            <KeepButton analysis={analysis} onError={setError} />
            {analysis.summary !== null && (
              <Link href={`/climbs/${id}/compare`} class="button button-quiet" data-testid="compare">
                <CompareIcon /> <span>{words().compare}</span>
              </Link>
            )}
            {analysis.summary !== null && <ShareButton analysisId={id} />}
            <DeleteButton analysis={analysis} onError={setError} />
          </div>
        )}
      </div>
      {error !== null && <Notice kind="error">{error}</Notice>}
      {analysis !== undefined && <ClimbBody analysis={analysis} onError={setError} />}
    </main>
  );
}

/** No error: the climb went, on this device or another. */
export function AbsentPage({ absence }: { absence: "deleted" | "unknown" }) {
  const { wasDeleted, wasDeletedText, noClimb, noClimbText, climbs, toTrashPage } = words();
  const isDeleted = absence === "deleted";
  useEffect(() => focusHeading(), []); // what had the focus may be gone
  return (
    <main class="page" data-testid="absent">
      <PageHeading title={isDeleted ? wasDeleted : noClimb} />
      <p>{isDeleted ? wasDeletedText : noClimbText}</p>
      <Link class="button" href="/">
        {climbs}
      </Link>
      <Link class="button" href="/trash">
        {toTrashPage}
      </Link>
    </main>
  );
}

function DeleteButton({ analysis, onError }: { analysis: Analysis; onError: (reason: string | null) => void }) {
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [, navigate] = useLocation();
  const remove = async (how: typeof deleteClimb) => {
    setBusy(true);
    try {
      await how(analysis);
      navigate(listAddress.get(), { replace: true }); // its page is gone: "back" must not lead there
    } catch (cause) {
      onError(asRequestError(cause).message);
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class="button button-quiet button-icon button-danger" aria-label={words().removeThis} disabled={isBusy} onClick={() => setAsking(true)} data-testid="delete">
        <TrashIcon />
      </button>
      {isAsking && (
        <DeleteDialog
          name={analysis.video.file_name}
          onTrash={() => void remove(deleteClimb)}
          onRemove={() => void remove(deleteClimbForGood)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

interface BodyProps {
  analysis: Analysis;
  onError: (reason: string | null) => void;
}

/** A result stays on screen while it is made anew, and where that failed. */
function ClimbBody({ analysis, onError }: BodyProps) {
  const { id, video, summary } = analysis;
  const revision = useRef<string | null>(null);
  if (analysis.state === "completed") revision.current = analysis.finished_at;
  const isFree = !isActive(analysis) && video.state === "uploaded";
  const correct = (choices: Choices) => correctAnalysis(analysis, choices);
  const isHere = useDeviceClips().some((clip) => clip.videoId === video.id);
  const desk = useDesk(id, revision.current, () => void loadAnalysis(id).catch(() => undefined)); // its figures have changed, too
  const workbench = useWorkbench(desk, summary !== null && !isActive(analysis));
  const talk = useTalk({ analysisId: id, client: api, mayWrite: true });
  const [isSettled, setSettled] = useState(false);
  return (
    <>
      {isActive(analysis) && <UnderWay analysis={analysis} onError={onError} />}
      {(analysis.failure !== null || analysis.state === "canceled") && (
        <Ended analysis={analysis} onError={onError}>
          {summary === null && isFree && isUnseen(analysis.failure) && <ClimberFinder videoId={video.id} choices={analysis.choices} onSend={correct} />}
        </Ended>
      )}
      {summary !== null && (
        <ErrorBoundary>
          <OriginalSwitch desk={desk} />
          <Player
            analysisId={id}
            name={analysis.video.file_name}
            isOriginal={desk.isOriginal}
            revision={`${revision.current ?? ""} ${desk.round}`}
            videoId={video.id}
            hasVideo={video.state === "uploaded" || isHere}
            poster={analysis.thumbnail?.url ?? null}
            figures={summary}
            choices={analysis.choices}
            onCorrect={isFree ? correct : null}
            workbench={workbench}
            talk={talk}
            onSettled={setSettled}
          />
          {/* what it asks for must not be in the way of the picture */}
          {isSettled && (
            <Late code={pages.climbMore} isPart>{({ ClimbMore }) => <ClimbMore analysis={analysis} revision={revision.current} onAgain={isFree ? correct : null} />}</Late>
          )}
        </ErrorBoundary>
      )}
    </>
  );
}

function attempt(action: Promise<void>, onError: BodyProps["onError"]): void {
  onError(null);
  action.catch((cause: unknown) => onError(asRequestError(cause).message));
}

function UnderWay({ analysis, onError }: BodyProps) {
  const { figures } = useStore(analyses);
  const isAgain = analysis.summary !== null;
  return (
    <div class={`climb-page-progress ${isAgain ? "climb-page-again" : ""}`} data-testid="under-way">
      <Progress analysis={analysis} figures={figures[analysis.id]} />
      <p>{isAgain ? words().newSkeleton : words().goesOn}</p>
      <button type="button" class="button" onClick={() => attempt(cancelAnalysis(analysis), onError)} data-testid="cancel">
        <StopIcon /> {words().cancel}
      </button>
    </div>
  );
}

function Ended({ analysis, onError, children }: BodyProps & { children: ComponentChildren }) {
  const reason = analysis.failure === null ? words().wasCanceled : refusalWords(analysis.failure);
  return (
    <div class="climb-page-ended">
      <Notice kind={analysis.failure !== null ? "error" : "info"} testId="failure" quiet>
        {reason}
        {analysis.summary !== null && words().fromBefore}
      </Notice>
      <button type="button" class="button" onClick={() => attempt(retryAnalysis(analysis), onError)} data-testid="retry">
        <RetryIcon /> {words().again}
      </button>
      {children}
    </div>
  );
}
