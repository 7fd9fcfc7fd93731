import "./toast.css";

import { useEffect, useState } from "preact/hooks";

import { toast } from "../lib/toast.ts";
import { useStore } from "../lib/use-store.ts";
import { words } from "./words.ts";

const shownMs = 10_000;

/** What was just done, with Undo. It goes after ten seconds, but not from under a finger or the focus. */
export function ToastPlace() {
  const shown = useStore(toast);
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (shown === null || isHeld) return undefined;
    const timer = setTimeout(() => toast.set(null), shownMs);
    return () => clearTimeout(timer);
  }, [shown, isHeld]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <div class="toast" role="status" data-testid="toast" onFocusCapture={hold} onBlurCapture={release} onPointerEnter={hold} onPointerLeave={release}>
      {shown !== null && (
        <>
          <p>{shown.text}</p>
          {shown.undo !== null && (
            <button
              type="button"
              class="button"
              data-testid="undo"
              onClick={() => {
                toast.set(null);
                setHeld(false);
                shown.undo?.();
              }}
            >
              {words().undo}
            </button>
          )}
        </>
      )}
    </div>
  );
}
