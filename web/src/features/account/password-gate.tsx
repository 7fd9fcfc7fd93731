import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

import { FormEnd } from "../../components/form-end.tsx";
import { canUsePasskeys } from "../../lib/passkeys.ts";
import { showPresence } from "./requests.ts";
import { useStep } from "../../lib/use-step.ts";
import { words } from "./words.ts";

/** The password; null: a passkey was shown instead. */
export type Shown = string | null;

interface Props {
  label: string;
  /** Of the account: then one may be shown instead. */
  hasPasskey: boolean;
  /** More fields, before the password. */
  children?: ComponentChildren;
  onShown: (password: Shown, form: FormData) => Promise<void>;
  onCancel: () => void;
}

/** Asks for the password or a passkey again, before what changes who gets in. */
export function PasswordGate({ label, hasPasskey, children, onShown, onCancel }: Props) {
  const { isBusy, error, take } = useStep();
  const id = useId(); // several may be open at once
  const { password, passkeyInstead, cancel } = words();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const shown = form.get("password");
    take(() => onShown(typeof shown === "string" ? shown : "", form));
  };
  const byPasskey = (form: HTMLFormElement | null) =>
    take(async () => {
      if (form !== null && (await showPresence())) await onShown(null, new FormData(form));
    });
  return (
    <form class="account-form-inline" onSubmit={submit} data-testid="password-gate">
      {children}
      <div class="field">
        <label for={id}>{password}</label>
        <input id={id} name="password" type="password" autocomplete="current-password" maxLength={200} required data-testid="gate-password" />
      </div>
      <FormEnd error={error} isBusy={isBusy} cancel={cancel} onCancel={onCancel} submit={label} name="gate">
        {hasPasskey && canUsePasskeys() && (
          <button type="button" class="button" disabled={isBusy} onClick={(event) => byPasskey(event.currentTarget.form)} data-testid="gate-passkey">
            {passkeyInstead}
          </button>
        )}
      </FormEnd>
    </form>
  );
}
