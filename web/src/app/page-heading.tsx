import type { ComponentChildren } from "preact";

/** What a page is called. The focus lands here after every step to another page. */
export function PageHeading({ children }: { children: ComponentChildren }) {
  return <h1 tabIndex={-1}>{children}</h1>;
}
