import "./notice.css";

import type { ComponentChildren } from "preact";

/** A sentence that matters now. Errors are read out at once, the rest when the reader pauses. */
export function Notice({ kind, children, testId }: { kind: "error" | "info"; children: ComponentChildren; testId?: string }) {
  return (
    <p class={`notice notice-${kind}`} role={kind === "error" ? "alert" : "status"} data-testid={testId}>
      {children}
    </p>
  );
}
