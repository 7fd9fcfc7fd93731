import { createStore } from "../../lib/store.ts";

interface TrustedTypes {
  createPolicy: (name: string, rules: { createScriptURL: (address: string) => string }) => { createScriptURL: (address: string) => string };
}

const address = "/sw.js";
/** A tab that stays open for days asks for a new release when it is looked at again, but not each time. */
const leastBetweenChecksMs = 3_600_000;

/** On a first visit the page's own requests come first; all of the app would compete with them. */
const firstAfterMs = 5000;

/** A newer release that is on the device already and waits to be used. */
export const newRelease = createStore<ServiceWorker | null>(null);

/** Keeps the app on the device, where the browser can and the build has a worker. Later than everything that is waited for. */
export function keepAppOnDevice(): void {
  const container = (navigator as Partial<Navigator>).serviceWorker; // missing without https
  if (container === undefined || import.meta.env.DEV || import.meta.env["VITE_SERVICE_WORKER"] === "off") return;
  container.controller?.postMessage("started");
  const begin = () => {
    register(container).catch(() => undefined); // refused, or no room: the app works without
  };
  const beginLater = () => setTimeout(begin, container.controller === null ? firstAfterMs : 0);
  if (document.readyState === "complete") beginLater();
  else window.addEventListener("load", beginLater, { once: true });
}

async function register(container: ServiceWorkerContainer): Promise<void> {
  const registration = await container.register(trusted());
  const note = () => newRelease.set(container.controller === null ? null : registration.waiting);
  const watch = () => registration.installing?.addEventListener("statechange", note);
  note();
  watch();
  registration.addEventListener("updatefound", watch);
  let checkedMs = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" || Date.now() - checkedMs < leastBetweenChecksMs) return;
    checkedMs = Date.now();
    registration.update().catch(() => undefined); // no network: next time
  });
}

/** The content security policy lets one script address be made of text: this one. */
function trusted(): string {
  const types = (window as { trustedTypes?: TrustedTypes }).trustedTypes;
  return types?.createPolicy("ascension-worker", { createScriptURL: () => address }).createScriptURL(address) ?? address;
}

/** Where nothing is shown any more, no notice either: what is kept here may not understand the API of another release. */
export function loadAnew(): void {
  const waiting = newRelease.get();
  if (waiting === null) window.location.reload();
  else startNewRelease(waiting);
}

/** This tab goes on with the new release; others keep the code they run on until they are loaded anew. */
export function startNewRelease(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), { once: true });
  worker.postMessage("take over");
}
