import { useState } from "preact/hooks";

import { asRequestError } from "../../lib/errors.ts";
import { canUsePasskeys } from "../../lib/passkeys.ts";
import { logInByPasskey, type Leaving } from "./requests.ts";
import { words } from "./words.ts";

/** The way in without a password, where this browser knows it. */
export function PasskeyLogin({ onTrouble, onLeaving }: { onTrouble: (reason: string | null) => void; onLeaving: (leaving: Leaving) => void }) {
  const [isBusy, setBusy] = useState(false);
  if (!canUsePasskeys()) return null;
  const show = async () => {
    setBusy(true);
    onTrouble(null);
    try {
      const leaving = await logInByPasskey();
      if (leaving !== null) onLeaving(leaving);
    } catch (cause) {
      onTrouble(asRequestError(cause).message);
    }
    setBusy(false);
  };
  return (
    <button type="button" class="button" disabled={isBusy} onClick={() => void show()} data-testid="passkey-login">
      {words().byPasskey}
    </button>
  );
}
