import "./erase-dialog.css";

import type { ComponentProps } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { formatDay } from "../../lib/format.ts";
import { showToast } from "../../lib/toast.ts";
import { eraseAccount } from "./requests.ts";
import { useSignUp } from "./use-sign-up.ts";
import { words } from "./words.ts";

/** The button that asks, and what it asks. */
export function EraseAccount() {
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <button type="button" class="button button-quiet button-danger" onClick={() => setAsking(true)} data-testid="erase">
        {words().erase}
      </button>
      {isAsking && <EraseDialog onClose={() => setAsking(false)} />}
    </>
  );
}

/** Says what goes, and asks for the password and a word: this cannot be taken back. */
function EraseDialog({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const { eraseTitle, eraseText, eraseList } = words();
  const { grace_days } = useSignUp();
  useLayoutEffect(() => dialog.current?.showModal(), []); // before the next key press, not after the next paint
  return (
    <dialog class="confirm-dialog erase-dialog" ref={dialog} aria-labelledby={titleId} onClose={onClose} data-testid="erase-dialog">
      <h2 id={titleId}>{eraseTitle}</h2>
      <p>{eraseText(grace_days)}</p>
      <ul>
        {eraseList.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <EraseForm onKeep={() => dialog.current?.close()} />
    </dialog>
  );
}

function EraseForm({ onKeep }: { onKeep: () => void }) {
  const [password, setPassword] = useState("");
  const [word, setWord] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const errorId = useId();
  const say = words();
  const isReady = password !== "" && word.trim().toLowerCase() === say.eraseWord;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!isReady || isBusy) return;
    setBusy(true);
    setError(null);
    try {
      const until = await eraseAccount(password);
      showToast(until === null ? say.erased : say.leaving(formatDay(until)));
    } catch (cause) {
      const { code, message } = asRequestError(cause);
      setError(message);
      setBusy(false);
      if (code === "password_wrong") form.current?.querySelector<HTMLInputElement>("input[type=password]")?.focus();
    }
  };
  return (
    <form ref={form} onSubmit={(event) => void submit(event)}>
      <Field
        label={say.password}
        onText={setPassword}
        type="password"
        autocomplete="current-password"
        maxLength={200}
        aria-invalid={error !== null}
        aria-describedby={errorId}
        data-testid="erase-password"
      />
      <div id={errorId} aria-live="assertive">
        {error !== null && (
          <Notice kind="error" testId="erase-error" quiet>
            {error}
          </Notice>
        )}
      </div>
      <Field label={say.eraseTypeWord(say.eraseWord)} onText={setWord} type="text" autocomplete="off" autocapitalize="none" spellcheck={false} data-testid="erase-word" />
      <div class="confirm-dialog-actions">
        <button type="button" class="button" onClick={onKeep}>
          {say.keepAccount}
        </button>
        <button type="submit" class="button button-destroy" aria-disabled={!isReady || isBusy} data-testid="erase-confirm">
          {isBusy ? say.erasing : say.erase}
        </button>
      </div>
    </form>
  );
}

function Field({ label, onText, ...input }: { label: string; onText: (text: string) => void } & ComponentProps<"input">) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} required onInput={(event) => onText(event.currentTarget.value)} {...input} />
    </div>
  );
}
