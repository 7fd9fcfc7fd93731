import "./confirm-dialog.css";

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

import { words } from "./words.ts";

interface Props {
  title: string;
  children: ComponentChildren;
  confirmLabel: string;
  /** Of the button that leaves all as it is. */
  keepLabel?: string;
  isDestructive?: boolean;
  /** Another thing that can be done, which cannot be taken back. */
  other?: { label: string; onChosen: () => void };
  onConfirm: () => void;
  onClose: () => void;
}

/**
 * Asks before something that cannot be taken back. Escape and the first button keep everything.
 * The browser keeps the focus inside and gives it back to where it was.
 */
export function ConfirmDialog({ title, children, confirmLabel, keepLabel = words().keep, isDestructive = true, other, onConfirm, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => dialog.current?.showModal(), []); // before the next key press, not after the next paint
  return (
    <dialog class="confirm-dialog" ref={dialog} aria-labelledby={titleId} onClose={onClose} data-testid="confirm-dialog">
      <h2 id={titleId}>{title}</h2>
      <p>{children}</p>
      <div class="confirm-dialog-actions">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {keepLabel}
        </button>
        {other !== undefined && (
          <button
            type="button"
            class="button button-destroy"
            data-testid="confirm-other"
            onClick={() => {
              dialog.current?.close();
              other.onChosen();
            }}
          >
            {other.label}
          </button>
        )}
        <button
          type="button"
          class={`button ${isDestructive ? "button-destroy" : "button-primary"}`}
          data-testid="confirm"
          onClick={() => {
            dialog.current?.close();
            onConfirm();
          }}
        >
          {confirmLabel}
        </button>
      </div>
    </dialog>
  );
}
