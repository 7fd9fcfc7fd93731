import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { useStep } from "../../lib/use-step.ts";
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
  const { refusal, isBusy, take } = useStep();
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    take(() => onSend(form));
  };
  const { moment, toLogIn, linkOld } = words();
  return (
    <form class="account-form" onSubmit={send} aria-label={title} data-testid={testId}>
      <h2 tabIndex={-1}>{title}</h2>
      <p>{text}</p>
      {refusal !== null && (
        <Notice kind="error" testId="letter-error">
          {refusal.message}
        </Notice>
      )}
      {children}
      <button type="submit" class="button button-primary" disabled={isBusy} data-testid="letter-submit">
        {isBusy ? moment : submit}
      </button>
      {refusal?.code === "link_invalid" && (
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
