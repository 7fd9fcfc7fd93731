import "./privacy.css";

import { useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { showToast } from "../../lib/toast.ts";
import { putConsents, useConsents, useConsentsOf } from "./consents.ts";
import { WithDocuments } from "./documents.tsx";
import { agree, remindGuardian } from "./requests.ts";
import { words } from "./words.ts";

/** Asks an account that has not agreed to what is in force, once a visit; says whose agreement is missing. */
export function ConsentAsk({ userId }: { userId: string }) {
  useConsentsOf(userId);
  const consents = useConsents();
  const [isPutOff, setPutOff] = useState(false);
  if (consents === null) return null;
  const guardian = consents.guardian;
  return (
    <>
      {guardian !== null && guardian.confirmed_at === null && <GuardianAwaited email={guardian.email} />}
      {!consents.has_agreed && !isPutOff && <Ask onClose={() => setPutOff(true)} />}
    </>
  );
}

function Ask({ onClose }: { onClose: () => void }) {
  const say = words();
  const take = () => {
    agree()
      .then((now) => {
        putConsents(now);
        showToast(say.agreed);
      })
      .catch((cause: unknown) => showToast(asRequestError(cause).message));
  };
  return (
    <ConfirmDialog title={say.askTitle} confirmLabel={say.agree} keepLabel={say.later} isDestructive={false} onConfirm={take} onClose={onClose}>
      <WithDocuments parts={say.askText} />
    </ConfirmDialog>
  );
}

function GuardianAwaited({ email }: { email: string }) {
  const say = words();
  const remind = () => {
    remindGuardian()
      .then(() => showToast(say.sentAgain))
      .catch((cause: unknown) => showToast(asRequestError(cause).message));
  };
  return (
    <div class="guardian-awaited" data-testid="guardian-awaited">
      <Notice kind="info" quiet>
        {say.waiting(email)}
      </Notice>
      <button type="button" class="button" onClick={remind} data-testid="guardian-remind">
        {say.again}
      </button>
    </div>
  );
}
