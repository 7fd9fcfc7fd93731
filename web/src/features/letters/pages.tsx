import "./letters.css";

import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { PasswordField } from "../../components/password-field.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { useLinkToken } from "../../lib/link-token.ts";
import { firstPage } from "../../lib/invitation.ts";
import { showToast } from "../../lib/toast.ts";
import { typed } from "../../lib/typed.ts";
import { LetterForm } from "./letter-form.tsx";
import type { LetterPath } from "./paths.ts";
import { askForLetter, confirmEmail, resetPassword, type Wanted } from "./requests.ts";
import { words } from "./words.ts";

/** Whom a letter was asked for, handed from page to page and kept by a reload. */
export interface Asked {
  wanted: Wanted;
  email: string;
}

/** The page that this address stands for. */
export function LetterPage({ path }: { path: LetterPath }) {
  if (path === "/forgot") return <Forgot />;
  if (path === "/sent") return <Sent />;
  return path === "/reset" ? <Reset /> : <Verify />;
}

function Forgot() {
  const [, navigate] = useLocation();
  const { forgotTitle, forgotText, forgotSend, email } = words();
  const send = async (form: FormData) => {
    const asked: Asked = { wanted: "reset", email: typed(form, "email").trim() };
    await askForLetter(asked.wanted, asked.email);
    navigate("/sent", { state: asked });
  };
  return (
    <LetterForm title={forgotTitle} text={forgotText} submit={forgotSend} onSend={send} testId="forgot">
      <div class="field">
        <label for="letter-email">{email}</label>
        <input id="letter-email" name="email" type="email" autocomplete="email" required data-testid="letter-email" />
      </div>
    </LetterForm>
  );
}

function Sent() {
  const [asked] = useState(() => window.history.state as Asked | null);
  const [told, setTold] = useState<{ kind: "error" | "info"; text: string } | null>(null);
  const { sentTitle, sentText, sentHelp, sentHelpList, sentAgain, sentAgainDone, toLogIn } = words();
  if (asked === null) return <Forgot />;
  const again = () => {
    askForLetter(asked.wanted, asked.email)
      .then(() => setTold({ kind: "info", text: sentAgainDone }))
      .catch((cause: unknown) => setTold({ kind: "error", text: asRequestError(cause).message }));
  };
  return (
    <section class="account-form" aria-label={sentTitle} data-testid="sent">
      <h2 tabIndex={-1}>{sentTitle}</h2>
      <p>{sentText(asked.email)}</p>
      <h3>{sentHelp}</h3>
      <ul class="letter-help">
        {sentHelpList.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {told !== null && (
        <Notice kind={told.kind} testId="sent-told">
          {told.text}
        </Notice>
      )}
      <button type="button" class="button" onClick={again} data-testid="sent-again">
        {sentAgain}
      </button>
      <Link href="/" class="button button-quiet" data-testid="to-log-in">
        {toLogIn}
      </Link>
    </section>
  );
}

function Reset() {
  const token = useLinkToken();
  const [, navigate] = useLocation();
  const { resetTitle, resetText, resetSave, resetDone, newPassword, linkLost } = words();
  const send = async (form: FormData) => {
    await resetPassword(token, typed(form, "password"));
    showToast(resetDone);
    navigate("/");
  };
  return (
    <LetterForm title={resetTitle} text={token === "" ? linkLost : resetText} submit={resetSave} onSend={send} testId="reset">
      <PasswordField name="password" label={newPassword} isNew testId="letter-password" />
    </LetterForm>
  );
}

function Verify() {
  const token = useLinkToken();
  const [, navigate] = useLocation();
  const { verifyTitle, verifyText, verifyDone, password, linkLost } = words();
  const send = async (form: FormData) => {
    await confirmEmail(token, typed(form, "password"));
    navigate(firstPage());
  };
  return (
    <LetterForm title={verifyTitle} text={token === "" ? linkLost : verifyText} submit={verifyDone} onSend={send} testId="verify">
      <PasswordField name="password" label={password} testId="letter-password" />
    </LetterForm>
  );
}
