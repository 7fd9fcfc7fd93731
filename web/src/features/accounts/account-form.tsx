import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { PasswordField } from "../../components/password-field.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { firstPage } from "../../lib/invitation.ts";
import { isKnown } from "../../lib/session.ts";
import { AgreementFields } from "./agreement-fields.tsx";
import { CodeForm } from "./code-form.tsx";
import { KeepForm } from "./keep-form.tsx";
import { PasskeyLogin } from "./passkey-login.tsx";
import { logIn, register, type Leaving } from "./requests.ts";
import { useSignUp, type SignUp } from "./use-sign-up.ts";
import { words } from "./words.ts";

/** Register or log in; where the account has codes, they are asked for next. */
export function AccountForm({ reason, invitation = null }: { reason: string | null; invitation?: string | null }) {
  const [asked, setAsked] = useState<string | Leaving | null>(null);
  const [told, setTold] = useState(reason);
  const [isNew, setNew] = useState(invitation !== null || (reason === null && !isKnown()));
  const back = (why: string | null) => {
    setTold(why);
    setAsked(null);
  };
  if (typeof asked === "string") return <CodeForm challenge={asked} onBack={back} onLeaving={setAsked} />;
  if (asked !== null) return <KeepForm leaving={asked} onBack={back} />;
  return <PasswordForm reason={told} invitation={invitation} isNew={isNew} onSwitch={setNew} onAsked={setAsked} />;
}

interface PasswordFormProps {
  reason: string | null;
  invitation: string | null;
  isNew: boolean;
  onSwitch: (isNew: boolean) => void;
  /** A code, or whether to keep an account that is about to go. */
  onAsked: (asked: string | Leaving) => void;
}

/** One form that switches. */
function PasswordForm({ reason, invitation, isNew: wishes, onSwitch, onAsked }: PasswordFormProps) {
  const signUp = useSignUp();
  const mayRegister = signUp.sign_up === "open" || invitation !== null;
  const isNew = wishes && mayRegister;
  const [, navigate] = useLocation();
  const [error, setError] = useState<string | null>(reason);
  const [isBusy, setBusy] = useState(false);
  const say = words();

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => textOf(form, name);
    setBusy(true);
    setError(null);
    try {
      if (isNew) {
        const entered = await register({ email: text("email"), password: text("password"), displayName: text("display_name"), invitation, guardian: guardianOf(form) });
        navigate(entered ? firstPage() : "/sent", entered ? {} : { state: { wanted: "confirm", email: text("email").trim() } });
        return;
      }
      const asked = await logIn(text("email"), text("password"));
      if (asked !== null) onAsked(asked);
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
      <PasswordField name="password" label={say.password} isNew={isNew} testId="account-password" />
      {isNew && <TextField name="display_name" label={say.name} hint={say.optional} type="text" autocomplete="nickname" maxLength={80} />}
      {isNew && <AgreementFields consentAge={signUp.consent_age} />}
      <button type="submit" class="button button-primary" disabled={isBusy} data-testid="account-submit">
        {isBusy ? say.moment : isNew ? say.create : say.logIn}
      </button>
      {!isNew && <PasskeyLogin onTrouble={setError} onLeaving={onAsked} />}
      <OtherWays
        isNew={isNew}
        signUp={signUp}
        mayRegister={mayRegister}
        onSwitch={() => {
          onSwitch(!isNew);
          setError(null);
        }}
      />
    </form>
  );
}

/** Empty: the field is not in this form. */
function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

function guardianOf(form: FormData) {
  if (textOf(form, "age") !== "young") return null;
  return { born_year: Number(textOf(form, "born_year")), born_month: Number(textOf(form, "born_month")), email: textOf(form, "guardian_email") };
}

interface OtherWaysProps {
  isNew: boolean;
  signUp: SignUp;
  mayRegister: boolean;
  onSwitch: () => void;
}

function OtherWays({ isNew, signUp, mayRegister, onSwitch }: OtherWaysProps) {
  const { forgot, closed, byInvitation, haveOne, newHere } = words();
  return (
    <>
      {!isNew && signUp.sends_letters && (
        <Link href="/forgot" class="button button-quiet" data-testid="account-forgot">
          {forgot}
        </Link>
      )}
      {mayRegister ? (
        <button type="button" class="button button-quiet" data-testid="account-switch" onClick={onSwitch}>
          {isNew ? haveOne : newHere}
        </button>
      ) : (
        <p class="field-hint">{signUp.sign_up === "closed" ? closed : byInvitation}</p>
      )}
    </>
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
