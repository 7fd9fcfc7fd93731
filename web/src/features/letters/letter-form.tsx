import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { asRequestError, type RequestError } from "../../lib/errors.ts";
import { words } from "./words.ts";

interface Props {
  title: string;
  text: string;
  submit: string;
  children?: ComponentChildren;
  onSend: (form: FormData) => Promise<void>;
  testId: string;
}

/** One question with one answer: what the pages behind the links in letters have in common. */
export function LetterForm({ title, text, submit, children, onSend, testId }: Props) {
  const { error, isBusy, send } = useSending(onSend);
  const { moment, toLogIn, linkOld } = words();
  return (
    <form class="account-form" onSubmit={send} aria-label={title} data-testid={testId}>
      <h2 tabIndex={-1}>{title}</h2>
      <p>{text}</p>
      {error !== null && (
        <Notice kind="error" testId="letter-error">
          {error.message}
        </Notice>
      )}
      {children}
      <button type="submit" class="button button-primary" disabled={isBusy} data-testid="letter-submit">
        {isBusy ? moment : submit}
      </button>
      {error?.code === "link_invalid" && (
        <Link href="/forgot" class="button">
          {linkOld}
        </Link>
      )}
      <Link href="/" class="button button-quiet" data-testid="to-log-in">
        {toLogIn}
      </Link>
    </form>
  );
}

/** A form that is sent once at a time, and says why it was refused. */
export function useSending(onSend: (form: FormData) => Promise<void>) {
  const [error, setError] = useState<RequestError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    onSend(new FormData(event.currentTarget as HTMLFormElement))
      .catch((cause: unknown) => setError(asRequestError(cause)))
      .finally(() => setBusy(false));
  };
  return { error, isBusy, send };
}

/** What was typed there. */
export function typed(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
