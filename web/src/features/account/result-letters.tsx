import "./account.css";

import { useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { session } from "../../lib/session.ts";
import { showToast } from "../../lib/toast.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { useStep } from "../../lib/use-step.ts";
import { useStore } from "../../lib/use-store.ts";
import { chooseLetters, sendsLetters } from "./requests.ts";
import { words } from "./words.ts";

/** A part of the account's page, where this platform sends letters. */
export function ResultLetters() {
  const { value: isSending } = useLoaded(sendsLetters);
  const current = useStore(session);
  const { error, take } = useStep();
  const [wish, setWish] = useState<boolean | null>(null); // while it is on its way
  if (isSending !== true || current.state !== "in") return null;
  const { lettersTitle, lettersText, lettersWanted, lettersOn, lettersOff } = words();
  const choose = (isWanted: boolean) => {
    take(async () => {
      setWish(isWanted);
      await chooseLetters(isWanted).finally(() => setWish(null));
      showToast(isWanted ? lettersOn : lettersOff);
    });
  };
  return (
    <section class="account-part" aria-labelledby="letters">
      <h2 id="letters">{lettersTitle}</h2>
      <p>{lettersText}</p>
      <label class="account-tick">
        <input type="checkbox" checked={wish ?? current.user.wants_result_letters} onChange={(event) => choose(event.currentTarget.checked)} data-testid="result-letters" />
        {lettersWanted}
      </label>
      {error !== null && <Notice kind="error">{error}</Notice>}
    </section>
  );
}
