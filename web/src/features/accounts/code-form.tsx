import { Notice } from "../../components/notice.tsx";
import { useStep } from "../../lib/use-step.ts";
import { backWhereExpired, showCode, type Leaving } from "./requests.ts";
import { words } from "./words.ts";

/** The second step of a login, where codes of an app are on. */
export function CodeForm({ challenge, onBack, onLeaving }: { challenge: string; onBack: (reason: string | null) => void; onLeaving: (leaving: Leaving) => void }) {
  const { isBusy, error, take } = useStep();
  const { codeTitle, code, codeHint, moment, logIn, back } = words();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement).get("code");
    take(async () => {
      const leaving = await showCode(challenge, typeof typed === "string" ? typed : "").catch(backWhereExpired(onBack));
      if (leaving !== null) onLeaving(leaving);
    });
  };
  return (
    <form class="account-form" onSubmit={submit} aria-label={codeTitle}>
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
