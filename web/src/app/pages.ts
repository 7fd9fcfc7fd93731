import { letterPath } from "../features/letters/paths.ts";
import { codeOf, type Code } from "./code.ts";

const id = "(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
const climb = id.replace("id", "climb");

/** Addresses that name something. */
export const addresses = {
  climb: new RegExp(`^/climbs/${id}/?$`),
  choose: new RegExp(`^/climbs/${id}/compare/?$`),
  compare: new RegExp(`^/compare/${id}/?$`),
  climber: new RegExp(`^/climbers/${id}/?$`),
  coached: new RegExp(`^/climbers/${id}/climbs/${climb}/?$`),
  route: new RegExp(`^/routes/${id}/?$`),
  operator: /^\/operator(?:\/(?<part>accounts|storage|log))?\/?$/,
  coachedChoose: new RegExp(`^/climbers/${id}/climbs/${climb}/compare/?$`),
};

/** Every page is code of its own: whoever only starts, or only looks at one climb, fetches no other. */
export const pages = {
  account: codeOf(() => import("./account-page.tsx")),
  choose: codeOf(() => import("./choose-page.tsx")),
  climb: codeOf(() => import("./climb-page.tsx")),
  climbMore: codeOf(() => import("./climb-more.tsx")),
  climber: codeOf(() => import("./climber-page.tsx")),
  climbers: codeOf(() => import("./climbers-page.tsx")),
  coachAsked: codeOf(() => import("../features/sharing/coach-asked.tsx")),
  compare: codeOf(() => import("./compare-page.tsx")),
  demo: codeOf(() => import("./demo-page.tsx")),
  document: codeOf(() => import("../features/privacy/document-page.tsx")),
  film: codeOf(() => import("./film-page.tsx")),
  guardian: codeOf(() => import("../features/privacy/guardian-page.tsx")),
  guest: codeOf(() => import("../features/sharing/guest-page.tsx")),
  home: codeOf(() => import("./home-page.tsx")),
  inside: codeOf(() => import("./inside.tsx")),
  letter: codeOf(() => import("../features/letters/pages.tsx")),
  operator: codeOf(() => import("./operator-page.tsx")),
  progress: codeOf(() => import("./progress-page.tsx")),
  route: codeOf(() => import("./route-page.tsx")),
  routes: codeOf(() => import("./routes-page.tsx")),
  trash: codeOf(() => import("./trash-page.tsx")),
  welcome: codeOf(() => import("./welcome-page.tsx")),
};

/** The code of the page at an address, to be fetched before anybody knows whether it may be shown; null: it can wait. */
function codeAt(path: string): Pick<Code<unknown>, "load"> | null {
  if (path === "/") return pages.home;
  if (path === "/demo") return pages.demo;
  if (path === "/shared") return pages.guest;
  if (path === "/progress") return pages.progress;
  if (letterPath(path) !== null) return pages.letter;
  if (addresses.climb.test(path)) return pages.climb;
  return addresses.compare.test(path) ? pages.compare : null;
}

/** Fetches what the first page needs beside the session, which is asked for at the same time. */
export function fetchAhead(path: string): void {
  pages.inside.load();
  codeAt(path)?.load();
}
