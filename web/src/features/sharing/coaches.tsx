import "../../components/list.css";
import "./sharing.css";

import { useId, useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { formatClockTime, formatWhen } from "../../lib/format.ts";
import { showToast } from "../../lib/toast.ts";
import { useStep } from "../../lib/use-step.ts";
import { CopyLink } from "./copy-link.tsx";
import { endCoach, inviteCoach, linkOf, loadCoaches, type Coach, type Invited } from "./requests.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { words } from "./words.ts";

/** Whom the climber lets look at their climbs: a section of the account's page. */
export function Coaches() {
  const { value, reason, reload } = useLoaded(loadCoaches);
  const [invited, setInvited] = useState<Invited | null>(null);
  const { coaches, coachesText, noCoaches, loading } = words();
  const note = (made: Invited) => {
    setInvited(made);
    reload();
  };
  return (
    <div class="account">
      <section aria-labelledby="account-coaches" data-testid="coaches">
        <h2 id="account-coaches">{coaches}</h2>
        <p>{coachesText}</p>
        {reason !== null && <Notice kind="error">{reason}</Notice>}
        {value === null && reason === null && <p aria-busy="true">{loading}</p>}
        {value !== null && value.length === 0 && <p class="account-soft" data-testid="coaches-empty">{noCoaches}</p>}
        {value !== null && value.length > 0 && (
          <ul class="row-list">
            {value.map((coach) => (
              <CoachRow key={coach.id} coach={coach} onEnded={reload} />
            ))}
          </ul>
        )}
        {invited !== null && <InvitedNote invited={invited} />}
        <InviteForm onInvited={note} />
      </section>
    </div>
  );
}

function CoachRow({ coach, onEnded }: { coach: Coach; onEnded: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const { isBusy, error, take } = useStep();
  const say = words();
  const name = coach.name ?? coach.email;
  const facts =
    coach.accepted_at === null
      ? [say.waiting(formatClockTime(coach.expires_at))]
      : [say.coachSince(formatWhen(coach.accepted_at)), coach.seen_at === null ? say.unseen : say.seen(formatWhen(coach.seen_at))];
  const end = () =>
    take(async () => {
      await endCoach(coach.id);
      showToast(say.coachEnded);
      onEnded();
    });
  return (
    <li data-testid="coach">
      <span>
        <strong>{name}</strong>
        {coach.name !== null && <span class="account-soft">{coach.email}</span>}
        <span class="account-soft">{[...facts, ...(coach.with_past ? [] : [say.onlyNew])].join(" · ")}</span>
        {error !== null && <Notice kind="error">{error}</Notice>}
      </span>
      <button type="button" class="button" disabled={isBusy} onClick={() => setAsking(true)} aria-label={say.endCoachNamed(name)} data-testid="coach-end">
        {say.endCoach}
      </button>
      {isAsking && (
        <ConfirmDialog title={say.endCoachTitle(name)} confirmLabel={say.endCoach} onConfirm={end} onClose={() => setAsking(false)}>
          {say.endCoachText}
        </ConfirmDialog>
      )}
    </li>
  );
}

function InvitedNote({ invited }: { invited: Invited }) {
  const { invited: isInvited, invitedSent, invitedLink, coaches } = words();
  return (
    <div class="account-form-inline" role="status" data-testid="invited">
      <p>
        <strong>{isInvited(invited.email)}</strong> {invited.is_sent ? invitedSent : invitedLink}
      </p>
      <CopyLink link={linkOf("coach", invited.token)} title={coaches} />
    </div>
  );
}

function InviteForm({ onInvited }: { onInvited: (made: Invited) => void }) {
  const { isBusy, error, take } = useStep();
  const emailId = useId();
  const say = words();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const email = data.get("email");
    if (typeof email !== "string") return;
    take(async () => {
      onInvited(await inviteCoach(email.trim(), data.has("past")));
      form.reset();
    });
  };
  return (
    <form class="account-form-inline" onSubmit={submit}>
      <div class="field">
        <label for={emailId}>{say.coachEmail}</label>
        <input id={emailId} name="email" type="email" autocomplete="off" maxLength={254} required data-testid="coach-email" />
      </div>
      <label class="share-tick">
        <input type="checkbox" name="past" defaultChecked data-testid="coach-past" /> {say.withPast}
      </label>
      {error !== null && <Notice kind="error">{error}</Notice>}
      <button type="submit" class="button" disabled={isBusy} data-testid="coach-invite">
        {say.invite}
      </button>
    </form>
  );
}
