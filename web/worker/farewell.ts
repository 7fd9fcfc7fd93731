/** Takes the place of the worker in a build that has none (VITE_SERVICE_WORKER=off): it removes what was kept, then itself. */

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave(): Promise<void> {
  const kept = (await caches.keys()).filter((key) => key.startsWith("ascension-"));
  await Promise.all(kept.map((key) => caches.delete(key)));
  await self.registration.unregister();
}

export {};
