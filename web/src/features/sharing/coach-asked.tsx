import "./sharing.css";

import { useCallback, useEffect } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { keepInvitation, useInvitation } from "../../lib/invitation.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { readInvitation } from "./requests.ts";
import { words } from "./words.ts";

/** Who asks somebody that is not logged in to coach them; the form for an account follows below. */
export function CoachAsked() {
  const token = useInvitation();
  return token === "" ? null : <Asked token={token} />;
}

function Asked({ token }: { token: string }) {
  const { value, reason, error } = useLoaded(useCallback((signal: AbortSignal) => readInvitation(token, signal), [token]));
  const isOver = error?.code === "coach_invitation_invalid";
  useEffect(() => keepInvitation(isOver ? null : token), [token, isOver]);
  const { coachTitle, coachAsked, coachAskedText } = words();
  return (
    <section class="coach-asked" data-testid="coach-asked">
      <h2 tabIndex={-1}>{value === null ? coachTitle : coachAsked(value.climber)}</h2>
      {value !== null && <p>{coachAskedText(value.email)}</p>}
      {reason !== null && <Notice kind="error">{reason}</Notice>}
    </section>
  );
}
