import "./form-end.css";

import type { ComponentChildren } from "preact";

import { Notice } from "./notice.tsx";

interface Props {
  error: string | null;
  isBusy: boolean;
  cancel: string;
  onCancel: () => void;
  submit: string;
  /** What the parts are called in tests: `name-error`, `name-submit`. */
  name: string;
  /** Other ways, between the two. */
  children?: ComponentChildren;
}

/** How a small form ends: why it was refused, the way back, the way on. */
export function FormEnd({ error, isBusy, cancel, onCancel, submit, name, children }: Props) {
  return (
    <>
      {error !== null && (
        <Notice kind="error" testId={`${name}-error`}>
          {error}
        </Notice>
      )}
      <div class="form-end">
        <button type="button" class="button" onClick={onCancel}>
          {cancel}
        </button>
        {children}
        <button type="submit" class="button button-primary" disabled={isBusy} data-testid={`${name}-submit`}>
          {submit}
        </button>
      </div>
    </>
  );
}
