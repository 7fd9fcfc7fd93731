import "./notice.css";

import type { ComponentChildren } from "preact";

interface Props {
  kind: "error" | "info";
  children: ComponentChildren;
  testId?: string;
  /** Not read out by itself: it was there before, or the announcer says it. */
  quiet?: boolean;
}

/** A sentence that matters now. Errors are read out at once, the rest when the reader pauses. */
export function Notice({ kind, children, testId, quiet = false }: Props) {
  const role = kind === "error" ? "alert" : "status";
  return (
    <p class={`notice notice-${kind}`} {...(quiet ? {} : { role })} data-testid={testId}>
      {children}
    </p>
  );
}
