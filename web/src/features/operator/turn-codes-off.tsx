import { useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import type { Account } from "./requests.ts";
import { words } from "./words.ts";

/** For somebody who lost their phone and their recovery codes. Asked twice: it cannot be set back from here. */
export function TurnCodesOff({ account, isBusy, onTurnOff }: { account: Account; isBusy: boolean; onTurnOff: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const { codesOn, codesOff, codesOffTitle, codesOffText, keepCodes } = words();
  return (
    <div class="operator-filter">
      <span>{codesOn}</span>
      <button type="button" class="button" disabled={isBusy} onClick={() => setAsking(true)} data-testid="codes-off">
        {codesOff}
      </button>
      {isAsking && (
        <ConfirmDialog title={codesOffTitle(account.email)} confirmLabel={codesOff} keepLabel={keepCodes} onConfirm={onTurnOff} onClose={() => setAsking(false)}>
          {codesOffText}
        </ConfirmDialog>
      )}
    </div>
  );
}
