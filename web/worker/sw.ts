/** Keeps the app's own files on the device: it starts without a network, and tabs of the last release keep their code. */

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build: every file of this release, and the digest of its page. */
declare const __RELEASE__: { name: string; files: readonly string[]; pageSha256: string };

const prefix = "ascension-app-";
const { name, files, pageSha256 } = __RELEASE__;
const ownCache = prefix + name;
const page = "/";
const ownFiles = new Set(files);
/** Addresses that are not the client's: the same as in the API's `client.py`, and the letters that `make up` shows. */
const notPages = /^\/(?:api|ws|health|metrics|assets|examples|mails)(?:\/|$)/;

self.addEventListener("install", (event) => event.waitUntil(keepRelease()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
  if (event.data === "started" && event.source instanceof Client) event.waitUntil(dropOldReleases(event.source.id));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  // the API, storage and parts of videos are none of its business: it does not even look at them
  if (request.method !== "GET" || origin !== self.location.origin || request.headers.has("Range")) return;
  if (request.mode === "navigate") {
    if (isPage(pathname)) event.respondWith(answerPage(event));
  } else if (pathname !== page && (ownFiles.has(pathname) || pathname.startsWith("/assets/"))) {
    event.respondWith(answerFile(request));
  }
});

function isPage(pathname: string): boolean {
  return !notPages.test(pathname) && !(pathname.split("/").pop() ?? "").includes(".");
}

/** All of it or nothing: a release of which a file is missing does not come into being, and is tried again later. */
async function keepRelease(): Promise<void> {
  const cache = await caches.open(ownCache);
  await Promise.all(files.filter((file) => file !== page).map((file) => keepFile(cache, file)));
  if (!(await keepPage(cache))) throw new Error("the page is of another release");
}

/** A name with a hash says what is in it: what the last release brought need not be fetched again. */
async function keepFile(cache: Cache, file: string): Promise<void> {
  const isHashed = file.startsWith("/assets/");
  const kept = isHashed ? await caches.match(file, { ignoreVary: true }) : undefined;
  const answer = kept ?? (await fetch(file, isHashed ? {} : { cache: "reload" }));
  if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
  await cache.put(file, answer);
}

/** False where the page that is served now belongs to another release. */
async function keepPage(cache: Cache): Promise<boolean> {
  const answer = await fetch(page, { cache: "reload" });
  const digest = await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!answer.ok || hex !== pageSha256) return false;
  await cache.put(page, answer);
  return true;
}

/** The kept page at once; then its headers, which name the storage's address, are brought up to date for the next time. */
async function answerPage(event: FetchEvent): Promise<Response> {
  const cache = await caches.open(ownCache);
  const kept = await cache.match(page, { ignoreVary: true });
  if (kept === undefined) return fetch(event.request);
  event.waitUntil(keepPage(cache).catch(() => undefined));
  return kept;
}

/** A file of this release, else of one whose tabs are still open, else from the network. */
async function answerFile(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  return (await caches.match(pathname, { ignoreVary: true })) ?? fetch(request);
}

/** Called by every page that starts. One window alone: nobody runs on the files of an earlier release any more. */
async function dropOldReleases(starter: string): Promise<void> {
  if (self.registration.waiting !== null || self.registration.installing !== null) return;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.some(({ id }) => id !== starter)) return;
  const old = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== ownCache);
  await Promise.all(old.map((key) => caches.delete(key)));
}

export {};
