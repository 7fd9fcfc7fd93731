import { createStore } from "../../lib/store.ts";

/** Chromium's way to let a page offer it; not in the DOM's types, because others have none. */
interface InstallPrompt extends Event {
  prompt: () => Promise<unknown>;
}

/** What the browser would ask; null where it does not offer it, or has been asked. */
export const installPrompt = createStore<InstallPrompt | null>(null);

/** Holds the browser's own banner back: the app offers it where it makes sense. */
export function noteInstallPrompt(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    installPrompt.set(event as InstallPrompt);
  });
  window.addEventListener("appinstalled", () => installPrompt.set(null));
}

export function install(): void {
  const asked = installPrompt.get();
  installPrompt.set(null); // it can be asked once
  void asked?.prompt();
}

/** True in the app that was put on the home screen. */
export function isInstalled(): boolean {
  return window.matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
}

/** Safari on a phone or tablet installs by its own menu alone. */
export function isByShareMenu(): boolean {
  return "standalone" in navigator;
}
