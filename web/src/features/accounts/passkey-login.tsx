import { useState } from "preact/hooks";

import { asRequestError } from "../../lib/errors.ts";
import { canUsePasskeys } from "../../lib/passkeys.ts";
import { logInByPasskey } from "./requests.ts";
import { words } from "./words.ts";

/** The way in without a password, where this browser knows it. */
export function PasskeyLogin({ onTrouble }: { onTrouble: (reason: string | null) => void }) {
  const [isBusy, setBusy] = useState(false);
  if (!canUsePasskeys()) return null;
  const show = async () => {
    setBusy(true);
    onTrouble(null);
    try {
      await logInByPasskey();
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
