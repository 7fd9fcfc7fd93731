import { useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { showCode, type Leaving } from "./requests.ts";
import { words } from "./words.ts";

/** The second step of a login, where codes of an app are on. */
export function CodeForm({ challenge, onBack, onLeaving }: { challenge: string; onBack: (reason: string | null) => void; onLeaving: (leaving: Leaving) => void }) {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { codeTitle, code, codeHint, moment, logIn, back } = words();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement).get("code");
    setBusy(true);
    setError(null);
    try {
      const leaving = await showCode(challenge, typeof typed === "string" ? typed : "");
      if (leaving !== null) onLeaving(leaving);
    } catch (cause) {
      const refused = asRequestError(cause);
      if (refused.code === "challenge_expired") onBack(refused.message);
      else setError(refused.message);
      setBusy(false);
    }
  };
  return (
    <form class="account-form" onSubmit={(event) => void submit(event)} aria-label={codeTitle}>
      <h2>{codeTitle}</h2>
      {error !== null && (
        <Notice kind="error" testId="account-error">
          {error}
        </Notice>
      )}
      <div class="field">
        <label for="account-code">
          {code} <span class="field-hint">{codeHint}</span>
        </label>
        <input id="account-code" name="code" autocomplete="one-time-code" minLength={6} maxLength={40} required ref={(field) => field?.focus()} data-testid="account-code" />
      </div>
      <button type="submit" class="button button-primary" disabled={isBusy} data-testid="account-code-submit">
        {isBusy ? moment : logIn}
      </button>
      <button type="button" class="button button-quiet" onClick={() => onBack(null)}>
        {back}
      </button>
    </form>
  );
}
