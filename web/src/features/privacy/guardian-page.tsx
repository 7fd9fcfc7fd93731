import { useCallback, useEffect, useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { useStep } from "../../lib/use-step.ts";
import { WithDocuments } from "./documents.tsx";
import { agreeAsGuardian, readWard, withdrawAsGuardian, type Ward } from "./requests.ts";
import { words } from "./words.ts";

/** What a parent or guardian decides, by the link of their letter and nothing else. */
export function GuardianPage({ token }: { token: string }) {
  const [ward, setWard] = useState<Ward | null>(null);
  const { isBusy, error, take } = useStep();
  const decide = useCallback((step: (token: string) => Promise<Ward>) => take(async () => setWard(await step(token))), [take, token]);
  const isWhole = token !== "";
  useEffect(() => {
    if (isWhole) decide(readWard);
  }, [decide, isWhole]);
  const { guardianTitle, linkBroken, loading } = words();
  return (
    <section class="account-form" aria-label={guardianTitle} data-testid="guardian">
      <h2 tabIndex={-1}>{guardianTitle}</h2>
      {error !== null && (
        <Notice kind="error" testId="guardian-error">
          {error}
        </Notice>
      )}
      {!isWhole && <p>{linkBroken}</p>}
      {ward === null ? isWhole && error === null && <p aria-busy="true">{loading}</p> : <Decision ward={ward} isBusy={isBusy} onAgree={() => decide(agreeAsGuardian)} onWithdraw={() => decide(withdrawAsGuardian)} />}
    </section>
  );
}

interface DecisionProps {
  ward: Ward;
  isBusy: boolean;
  onAgree: () => void;
  onWithdraw: () => void;
}

function Decision({ ward, isBusy, onAgree, onWithdraw }: DecisionProps) {
  const [isAsking, setAsking] = useState(false);
  const say = words();
  const text = { asked: say.guardianText, agreed: say.guardianAgreed, withdrawn: say.guardianWithdrawn }[ward.state];
  return (
    <>
      <p data-testid="guardian-text">{text(ward.display_name, ward.email)}</p>
      <p>
        <WithDocuments parts={say.guardianRead} />
      </p>
      {ward.state === "agreed" ? (
        <button type="button" class="button button-danger" disabled={isBusy} onClick={() => setAsking(true)} data-testid="guardian-withdraw">
          {say.guardianWithdraw}
        </button>
      ) : (
        <button type="button" class="button button-primary" disabled={isBusy} onClick={onAgree} data-testid="guardian-agree">
          {say.guardianAgree}
        </button>
      )}
      {isAsking && (
        <ConfirmDialog title={say.withdrawTitle} confirmLabel={say.guardianWithdraw} keepLabel={say.keep} onConfirm={onWithdraw} onClose={() => setAsking(false)}>
          {say.withdrawText}
        </ConfirmDialog>
      )}
    </>
  );
}
