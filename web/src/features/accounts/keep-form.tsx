import { useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { formatDay } from "../../lib/format.ts";
import { keepAccount, type Leaving } from "./requests.ts";
import { words } from "./words.ts";

/** The one thing that is offered while an account is about to be erased: to keep it. */
export function KeepForm({ leaving, onBack }: { leaving: Leaving; onBack: (reason: string | null) => void }) {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const say = words();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await keepAccount(leaving);
    } catch (cause) {
      const refused = asRequestError(cause);
      if (refused.code === "challenge_expired") onBack(refused.message);
      else setError(refused.message);
      setBusy(false);
    }
  };
  return (
    <form class="account-form" onSubmit={(event) => void submit(event)} aria-label={say.leavingTitle} data-testid="keep-form">
      <h2>{say.leavingTitle}</h2>
      <p>{say.leavingText(formatDay(leaving.erase_at))}</p>
      {error !== null && (
        <Notice kind="error" testId="account-error">
          {error}
        </Notice>
      )}
      <button type="submit" class="button button-primary" disabled={isBusy} data-testid="keep">
        {isBusy ? say.moment : say.keepAccount}
      </button>
      <button type="button" class="button button-quiet" onClick={() => onBack(null)}>
        {say.letGo}
      </button>
    </form>
  );
}
