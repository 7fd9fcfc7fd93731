/**
 * Puts the focus on the page's heading: after a step to another page, and where the element that had it is gone.
 * A screen reader then says where the reader is, and the Tab key goes on from there.
 */
export function focusHeading(options: FocusOptions = {}): void {
  heading()?.focus(options);
}

/** The same for a page whose code may still be on its way. Returns the end of waiting for it. */
export function focusHeadingOnceThere(options: FocusOptions = {}): () => void {
  const waiting = new MutationObserver(() => {
    if (heading() === null) return;
    waiting.disconnect();
    // whoever has gone on meanwhile is not called back
    if (document.activeElement === null || document.activeElement === document.body) focusHeading(options);
  });
  if (heading() === null) waiting.observe(document.body, { childList: true, subtree: true });
  else focusHeading(options);
  return () => waiting.disconnect();
}

function heading(): HTMLElement | null {
  return document.querySelector<HTMLElement>("h1[tabindex]");
}
