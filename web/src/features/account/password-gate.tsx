import type { ComponentChildren } from "preact";

import { Notice } from "../../components/notice.tsx";
import { useStep } from "./use-step.ts";
import { words } from "./words.ts";

interface Props {
  label: string;
  /** More fields, before the password. */
  children?: ComponentChildren;
  onShown: (password: string, form: FormData) => Promise<void>;
  onCancel: () => void;
}

/** Asks for the password again, before what changes who gets in. */
export function PasswordGate({ label, children, onShown, onCancel }: Props) {
  const { isBusy, error, take } = useStep();
  const { password, cancel } = words();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const shown = form.get("password");
    take(() => onShown(typeof shown === "string" ? shown : "", form));
  };
  return (
    <form class="account-form-inline" onSubmit={submit} data-testid="password-gate">
      {children}
      <div class="field">
        <label for="account-gate-password">{password}</label>
        <input id="account-gate-password" name="password" type="password" autocomplete="current-password" maxLength={200} required data-testid="gate-password" />
      </div>
      {error !== null && (
        <Notice kind="error" testId="gate-error">
          {error}
        </Notice>
      )}
      <div class="account-actions">
        <button type="button" class="button" onClick={onCancel}>
          {cancel}
        </button>
        <button type="submit" class="button button-primary" disabled={isBusy} data-testid="gate-submit">
          {label}
        </button>
      </div>
    </form>
  );
}
