import "../../components/empty.css";
import "../../components/list.css";
import "./sharing.css";

import { useCallback, useEffect, useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { fixedWords } from "../../lib/terms.ts";
import { formatWhen } from "../../lib/format.ts";
import { showToast } from "../../lib/toast.ts";
import { useStep } from "../../lib/use-step.ts";
import { keepInvitation } from "../../lib/invitation.ts";
import { OpenComments } from "./open-comments.tsx";
import { acceptInvitation, leaveClimber, loadClimbers, loadClimbs, readInvitation, type CoachedClimber, type CoachedPage } from "./requests.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { words } from "./words.ts";

/** Whom one coaches. */
export function Climbers() {
  const { value, reason, reload } = useLoaded(loadClimbers);
  const { climbersText, noClimbers, loading } = words();
  if (value === null) return reason === null ? <p aria-busy="true">{loading}</p> : <Notice kind="error">{reason}</Notice>;
  return (
    <div class="account" data-testid="climbers">
      {value.length === 0 ? <p class="empty" data-testid="climbers-empty">{noClimbers}</p> : <p>{climbersText}</p>}
      {value.length > 0 && (
        <ul class="row-list coached-list">
          {value.map((climber) => (
            <ClimberRow key={climber.id} climber={climber} onLeft={reload} />
          ))}
        </ul>
      )}
      {value.length > 0 && <OpenComments />}
    </div>
  );
}

function ClimberRow({ climber, onLeft }: { climber: CoachedClimber; onLeft: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const { isBusy, error, take } = useStep();
  const say = words();
  const facts = [say.climbCount(climber.climbs), ...(climber.last_climb_at === null ? [] : [say.lastClimb(formatWhen(climber.last_climb_at))])];
  const news = [...(climber.new_climbs === 0 ? [] : [say.newClimbs(climber.new_climbs)]), ...(climber.new_comments === 0 ? [] : [say.newComments(climber.new_comments)])];
  const leave = () =>
    take(async () => {
      await leaveClimber(climber.id);
      showToast(say.left);
      onLeft();
    });
  return (
    <li data-testid="climber">
      <span>
        <Link href={`/climbers/${climber.id}`} data-testid="to-climber-climbs">
          <strong>{climber.name}</strong>
        </Link>
        <span class="account-soft">{facts.join(" · ")}</span>
        {news.length > 0 && (
          <strong class="coached-news" data-testid="climber-news">
            {news.join(" · ")}
          </strong>
        )}
        {error !== null && <Notice kind="error">{error}</Notice>}
      </span>
      <button type="button" class="button button-quiet" disabled={isBusy} onClick={() => setAsking(true)} data-testid="leave">
        {say.leave}
      </button>
      {isAsking && (
        <ConfirmDialog title={say.leaveTitle(climber.name)} confirmLabel={say.leave} keepLabel={say.leaveKeep} onConfirm={leave} onClose={() => setAsking(false)}>
          {say.leaveText}
        </ConfirmDialog>
      )}
    </li>
  );
}

/** The climbs of one of them, newest first. */
export function ClimbsOf({ id, onName }: { id: string; onName: (name: string) => void }) {
  const climbers = useLoaded(loadClimbers);
  const name = climbers.value?.find((climber) => climber.id === id)?.name;
  useEffect(() => {
    if (name !== undefined) onName(name);
  }, [name, onName]);
  const first = useLoaded(useCallback((signal: AbortSignal) => loadClimbs(id, null, signal), [id]));
  const [more, setMore] = useState<CoachedPage[]>([]);
  const { isBusy, error, take } = useStep();
  const { noClimbs, loading, more: moreWord } = words();
  const reason = first.reason ?? error;
  if (first.value === null) return reason === null ? <p aria-busy="true">{loading}</p> : <Notice kind="error">{reason}</Notice>;
  const pages = [first.value, ...more];
  const cursor = pages.at(-1)?.next_cursor ?? null;
  const next = () =>
    take(async () => {
      const page = await loadClimbs(id, cursor, new AbortController().signal);
      setMore([...more, page]);
    });
  const climbs = pages.flatMap(({ items }) => items);
  return (
    <div class="account">
      {reason !== null && <Notice kind="error">{reason}</Notice>}
      {climbs.length === 0 && <p data-testid="climbs-empty">{noClimbs}</p>}
      <ul class="row-list coached-list" data-testid="climbs">
        {climbs.map((climb) => (
          <li key={climb.id}>
            <span>
              <Link href={`/climbers/${id}/climbs/${climb.id}`} data-testid="to-shared-climb">
                <strong>{climb.route ?? climb.file_name}</strong>
              </Link>
              <span class="account-soft">{factsOf(climb)}</span>
            </span>
          </li>
        ))}
      </ul>
      {cursor !== null && (
        <button type="button" class="button" disabled={isBusy} onClick={next}>
          {moreWord}
        </button>
      )}
    </div>
  );
}

function factsOf(climb: CoachedPage["items"][number]): string {
  const seconds = climb.figures["duration_s"];
  return [
    formatWhen(climb.created_at),
    ...(climb.route === null ? [] : [climb.file_name]),
    ...(typeof seconds === "number" ? [`${fixedWords(seconds, 1)}\u00a0s`] : []),
    ...(climb.comments === 0 ? [] : [words().commentCount(climb.comments)]),
  ].join(" · ");
}

interface AcceptProps {
  /** Of the invitation's link. */
  token: string;
  /** Of the account that is logged in. */
  email: string;
  onClimber: (name: string) => void;
}

/** Asked whether one wants to coach somebody. */
export function AcceptInvitation({ token, email, onClimber }: AcceptProps) {
  const { value, reason, error: refused } = useLoaded(useCallback((signal: AbortSignal) => readInvitation(token, signal), [token]));
  const { isBusy, error, take } = useStep();
  const [, navigate] = useLocation();
  const { coachText, coachOther, accept, accepted } = words();
  const isOver = refused?.code === "coach_invitation_invalid";
  useEffect(() => keepInvitation(isOver ? null : token), [token, isOver]);
  useEffect(() => {
    if (value !== null) onClimber(value.climber);
  }, [value, onClimber]);
  const follow = () =>
    take(async () => {
      const climber = await acceptInvitation(token);
      keepInvitation(null);
      showToast(accepted(climber.name));
      navigate(`/climbers/${climber.id}`, { replace: true });
    });
  const told = error ?? reason;
  return (
    <>
      <p>{coachText}</p>
      {told !== null && (
        <Notice kind="error" testId="accept-error">
          {told}
        </Notice>
      )}
      {value !== null && value.email !== email && <Notice kind="info">{coachOther(value.email)}</Notice>}
      {!isOver && (
        <button type="button" class="button button-primary" disabled={isBusy} onClick={follow} data-testid="accept">
          {accept}
        </button>
      )}
    </>
  );
}
