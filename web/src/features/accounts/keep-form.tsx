import { Notice } from "../../components/notice.tsx";
import { formatDay } from "../../lib/format.ts";
import { useStep } from "../../lib/use-step.ts";
import { backWhereExpired, keepAccount, type Leaving } from "./requests.ts";
import { words } from "./words.ts";

/** The one thing that is offered while an account is about to be erased: to keep it. */
export function KeepForm({ leaving, onBack }: { leaving: Leaving; onBack: (reason: string | null) => void }) {
  const { isBusy, error, take } = useStep();
  const say = words();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    take(async () => {
      await keepAccount(leaving).catch(backWhereExpired(onBack));
    });
  };
  return (
    <form class="account-form" onSubmit={submit} aria-label={say.leavingTitle} data-testid="keep-form">
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
