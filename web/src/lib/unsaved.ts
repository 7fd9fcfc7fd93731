/** What loading the page anew would break: clips being sent, words that were typed and not sent. */

const checks = new Set<() => boolean>();

/** `isBusy` is asked before the page loads itself anew. Returns the end of that. */
export function guardReload(isBusy: () => boolean): () => void {
  checks.add(isBusy);
  return () => {
    checks.delete(isBusy);
  };
}

export function isBusy(): boolean {
  return [...checks].some((check) => check());
}

/** True where a field holds something that its page did not put there. */
export function hasTyped(): boolean {
  return typedIn.size > 0 && [...typedIn].some((field) => field.isConnected && field.value !== "");
}

export function mayReload(): boolean {
  return !isBusy() && !hasTyped();
}

const typedIn = new Set<HTMLInputElement | HTMLTextAreaElement>();
const choices = ["checkbox", "radio", "range", "file", "button", "submit"];

/** Notes the fields that somebody types in. */
export function noteTyping(): void {
  document.addEventListener("input", ({ target, isTrusted }) => {
    const isText = target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && !choices.includes(target.type));
    if (isTrusted && isText) typedIn.add(target);
  });
}
