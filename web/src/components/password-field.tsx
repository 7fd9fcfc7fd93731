import { useId, useState } from "preact/hooks";

import { words } from "./words.ts";

export const minPasswordLength = 12;
const maxPasswordLength = 128;
const strongLength = 18;

interface Props {
  name: string;
  label: string;
  /** A password that is chosen now, not one that is known: says how long it is to be. */
  isNew?: boolean;
  testId: string;
}

/** A password that can be looked at while it is typed. */
export function PasswordField({ name, label, isNew = false, testId }: Props) {
  const [isShown, setShown] = useState(false);
  const [length, setLength] = useState(0);
  const id = useId();
  const { showPassword, show, hide, passwordHint } = words();
  return (
    <div class="field">
      <label for={id}>
        {label} {isNew && <span class="field-hint">{passwordHint(minPasswordLength)}</span>}
      </label>
      <div class="field-with-button">
        <input
          id={id}
          name={name}
          data-testid={testId}
          type={isShown ? "text" : "password"}
          autocomplete={isNew ? "new-password" : "current-password"}
          minLength={isNew ? minPasswordLength : 1}
          maxLength={isNew ? maxPasswordLength : 200}
          aria-describedby={isNew ? `${id}-length` : undefined}
          onInput={(event) => setLength(Array.from(event.currentTarget.value).length)}
          required
        />
        <button type="button" class="button button-quiet" aria-pressed={isShown} aria-label={showPassword} onClick={() => setShown(!isShown)}>
          {isShown ? hide : show}
        </button>
      </div>
      {isNew && (
        <p id={`${id}-length`} class="field-hint" aria-live="polite" data-testid={`${testId}-length`}>
          {told(length)}
        </p>
      )}
    </div>
  );
}

/** Length is what counts; which words everybody tries, the server knows. */
function told(length: number): string {
  const { passwordIdea, passwordMissing, passwordLong, passwordStrong } = words();
  if (length === 0) return passwordIdea;
  if (length < minPasswordLength) return passwordMissing(minPasswordLength - length);
  return length < strongLength ? passwordLong : passwordStrong;
}
