import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";

import { Notice } from "./notice.tsx";
import { words } from "./words.ts";

interface Props {
  children: ComponentChildren;
  onAgain?: () => void;
}

/** A mistake of this program leaves a sentence and a way on, never a blank page. */
export function ErrorBoundary({ children, onAgain = () => window.location.reload() }: Props) {
  const [error] = useErrorBoundary((cause: unknown) => console.error(cause)) as [unknown, () => void];
  if (error === undefined) return children;
  return (
    <div class="broken" data-testid="broken">
      <Notice kind="error">{words().broken}</Notice>
      <button type="button" class="button" onClick={onAgain} data-testid="load-again">
        {words().reload}
      </button>
    </div>
  );
}
