import "./toast.css";

import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { toast } from "../lib/toast.ts";
import { useStore } from "../lib/use-store.ts";
import { words } from "./words.ts";

const shownMs = 10_000;

/** What was just done, with Undo, or what has come. It goes after ten seconds, but not from under a finger or the focus. */
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
  const role = shown?.href == null ? "status" : "group"; // the announcer has read news out
  return (
    <div class="toast" role={role} data-testid="toast" onFocusCapture={hold} onBlurCapture={release} onPointerEnter={hold} onPointerLeave={release}>
      {shown !== null && (
        <>
          <p>{shown.text}</p>
          {shown.href !== null && (
            <Link
              class="button"
              href={shown.href}
              data-testid="toast-open"
              onClick={() => {
                toast.set(null);
                setHeld(false);
              }}
            >
              {words().look}
            </Link>
          )}
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
