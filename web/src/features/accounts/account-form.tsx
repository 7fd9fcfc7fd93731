import { useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { isKnown } from "../../lib/session.ts";
import { CodeForm } from "./code-form.tsx";
import { PasskeyLogin } from "./passkey-login.tsx";
import { logIn, register } from "./requests.ts";
import { words } from "./words.ts";

const minPasswordLength = 10;

/** Register or log in; where the account has codes, they are asked for next. */
export function AccountForm({ reason }: { reason: string | null }) {
  const [challenge, setChallenge] = useState<string | null>(null);
  const [told, setTold] = useState(reason);
  const [isNew, setNew] = useState(reason === null && !isKnown());
  const back = (why: string | null) => {
    setTold(why);
    setChallenge(null);
  };
  if (challenge !== null) return <CodeForm challenge={challenge} onBack={back} />;
  return <PasswordForm reason={told} isNew={isNew} onSwitch={setNew} onChallenge={setChallenge} />;
}

interface PasswordFormProps {
  reason: string | null;
  isNew: boolean;
  onSwitch: (isNew: boolean) => void;
  onChallenge: (challenge: string) => void;
}

/** One form that switches. */
function PasswordForm({ reason, isNew, onSwitch, onChallenge }: PasswordFormProps) {
  const [error, setError] = useState<string | null>(reason);
  const [isBusy, setBusy] = useState(false);
  const say = words();

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === "string" ? value : ""; // the field is not in this form
    };
    setBusy(true);
    setError(null);
    try {
      if (isNew) {
        await register(text("email"), text("password"), text("display_name"));
        return;
      }
      const challenge = await logIn(text("email"), text("password"));
      if (challenge !== null) onChallenge(challenge);
    } catch (cause) {
      setError(asRequestError(cause).message);
      setBusy(false);
    }
  };

  return (
    <form class="account-form" onSubmit={(event) => void submit(event)} aria-label={isNew ? say.createForm : say.logIn}>
      <h2>{isNew ? say.createTitle : say.welcome}</h2>
      {error !== null && (
        <Notice kind="error" testId="account-error">
          {error}
        </Notice>
      )}
      <TextField name="email" label={say.email} type="email" autocomplete="email" required />
      <PasswordField isNew={isNew} />
      {isNew && <TextField name="display_name" label={say.name} hint={say.optional} type="text" autocomplete="nickname" maxLength={80} />}
      <button type="submit" class="button button-primary" disabled={isBusy} data-testid="account-submit">
        {isBusy ? say.moment : isNew ? say.create : say.logIn}
      </button>
      {!isNew && <PasskeyLogin onTrouble={setError} />}
      <button
        type="button"
        class="button button-quiet"
        data-testid="account-switch"
        onClick={() => {
          onSwitch(!isNew);
          setError(null);
        }}
      >
        {isNew ? say.haveOne : say.newHere}
      </button>
    </form>
  );
}

interface TextFieldProps {
  name: string;
  label: string;
  hint?: string;
  type: "email" | "text";
  autocomplete: string;
  required?: boolean;
  maxLength?: number;
}

function TextField({ name, label, hint, ...input }: TextFieldProps) {
  return (
    <div class="field">
      <label for={`account-${name}`}>
        {label} {hint !== undefined && <span class="field-hint">{hint}</span>}
      </label>
      <input id={`account-${name}`} name={name} data-testid={`account-${name}`} {...input} />
    </div>
  );
}

function PasswordField({ isNew }: { isNew: boolean }) {
  const [isShown, setShown] = useState(false);
  const { password, passwordHint, showPassword, show, hide } = words();
  return (
    <div class="field">
      <label for="account-password">
        {password} {isNew && <span class="field-hint">{passwordHint(minPasswordLength)}</span>}
      </label>
      <div class="field-with-button">
        <input
          id="account-password"
          name="password"
          data-testid="account-password"
          type={isShown ? "text" : "password"}
          autocomplete={isNew ? "new-password" : "current-password"}
          minLength={isNew ? minPasswordLength : 1}
          maxLength={200}
          required
        />
        <button type="button" class="button button-quiet" aria-pressed={isShown} aria-label={showPassword} onClick={() => setShown(!isShown)}>
          {isShown ? hide : show}
        </button>
      </div>
    </div>
  );
}
