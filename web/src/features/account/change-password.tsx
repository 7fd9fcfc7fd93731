import "./account.css";

import { useState } from "preact/hooks";

import { FormEnd } from "../../components/form-end.tsx";
import { PasswordField } from "../../components/password-field.tsx";
import { showToast } from "../../lib/toast.ts";
import { typed } from "../../lib/typed.ts";
import { useStep } from "../../lib/use-step.ts";
import { changePassword } from "./requests.ts";
import { words } from "./words.ts";

/** A part of the account's page. */
export function ChangePassword() {
  const [isOpen, setOpen] = useState(false);
  const { changeTitle, changeText, change } = words();
  return (
    <section class="account-part" aria-labelledby="change-password" data-testid="change-password">
      <h2 id="change-password">{changeTitle}</h2>
      <p>{changeText}</p>
      {isOpen ? (
        <Form onDone={() => setOpen(false)} />
      ) : (
        <button type="button" class="button" onClick={() => setOpen(true)} data-testid="change-password-open">
          {change}
        </button>
      )}
    </section>
  );
}

function Form({ onDone }: { onDone: () => void }) {
  const { oldPassword, newPassword, changeSave, changeDone, cancel } = words();
  const { isBusy, error, take } = useStep();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    take(async () => {
      await changePassword(typed(form, "old"), typed(form, "new"));
      showToast(changeDone);
      onDone();
    });
  };
  return (
    <form class="account-form-inline" onSubmit={submit}>
      <PasswordField name="old" label={oldPassword} testId="old-password" />
      <PasswordField name="new" label={newPassword} isNew testId="new-password" />
      <FormEnd error={error} isBusy={isBusy} cancel={cancel} onCancel={onDone} submit={changeSave} name="change-password" />
    </form>
  );
}
