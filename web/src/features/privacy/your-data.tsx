import "./privacy.css";

import { useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { formatDay } from "../../lib/format.ts";
import { showToast } from "../../lib/toast.ts";
import { putConsents, useConsents } from "./consents.ts";
import { WithDocuments } from "./documents.tsx";
import { Exports } from "./exports.tsx";
import { agree, withdraw, type Consents } from "./requests.ts";
import { words } from "./words.ts";

/** What the account agreed to, and what of it can be taken along. */
export function YourData() {
  const consents = useConsents();
  const { title, guardianRead } = words();
  return (
    <section class="account-part your-data" aria-labelledby="your-data" data-testid="your-data">
      <h2 id="your-data">{title}</h2>
      {consents !== null && <Agreement consents={consents} />}
      <p>
        <WithDocuments parts={guardianRead} />
      </p>
      <Exports />
    </section>
  );
}

function Agreement({ consents }: { consents: Consents }) {
  const [isAsking, setAsking] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const say = words();
  const take = (step: () => Promise<Consents>, done: string) => {
    setError(null);
    step()
      .then((now) => {
        putConsents(now);
        showToast(done);
      })
      .catch((cause: unknown) => setError(asRequestError(cause).message));
  };
  const last = consents.items[0];
  return (
    <>
      <p data-testid="consents">{consents.has_agreed && last !== undefined ? say.consents(formatDay(last.at)) : say.noConsent}</p>
      {error !== null && <Notice kind="error">{error}</Notice>}
      {consents.has_agreed ? (
        <button type="button" class="button button-quiet" onClick={() => setAsking(true)} data-testid="withdraw">
          {say.withdraw}
        </button>
      ) : (
        <button type="button" class="button button-primary" onClick={() => take(agree, say.agreed)} data-testid="agree">
          {say.agree}
        </button>
      )}
      {isAsking && (
        <ConfirmDialog title={say.withdrawTitle} confirmLabel={say.withdraw} keepLabel={say.keep} onConfirm={() => take(withdraw, say.withdrawn)} onClose={() => setAsking(false)}>
          {say.withdrawMine}
        </ConfirmDialog>
      )}
    </>
  );
}
