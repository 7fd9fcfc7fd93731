/**
 * Puts the focus on the page's heading: after a step to another page, and where the element that had it is gone.
 * A screen reader then says where the reader is, and the Tab key goes on from there.
 */
export function focusHeading(options: FocusOptions = {}): void {
  document.querySelector<HTMLElement>("h1[tabindex]")?.focus(options);
}
