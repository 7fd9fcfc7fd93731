/** What a page that begins with the list or with a climb needs, asked for as soon as there is a session: its code is still on its way then. */

import type { MethodResponse } from "openapi-fetch";

import { answer, api, type Analysis } from "./api.ts";
import { allClips } from "./device-clips.ts";
import { session } from "./session.ts";

type Clip = MethodResponse<typeof api, "get", "/api/v1/analyses/{analysis_id}/playback">;
type Page = MethodResponse<typeof api, "get", "/api/v1/analyses">;

/** Rows of the list that are asked for at once; the socket begins with as many. */
export const pageSize = 20;
const climbPath = /^\/climbs\/([0-9a-f-]{36})\/?$/;

/** Then it may have changed since. */
const freshMs = 10_000;

interface Early {
  userId: string;
  askedAtMs: number;
  row: Promise<Analysis | null>;
  clip: Promise<Clip | null>;
  page: Promise<Page | null>;
}

const nothing = Promise.resolve(null);
let early: Early | null = null;

/** Nothing is told of what fails: it is asked for again where it is wanted. `resumed`: there is a session, or none. */
export async function askEarly(path: string, resumed: Promise<void>): Promise<void> {
  const id = climbPath.exec(path)?.[1];
  if (id === undefined && path !== "/") return;
  const kept = id === undefined ? null : allClips().catch(() => []); // a browser takes as long to find its database as a network to answer
  await resumed;
  const current = session.get();
  if (current.state !== "in") return;
  const about = { userId: current.user.id, askedAtMs: performance.now() };
  if (id === undefined || kept === null) {
    const page = answer(api.GET("/api/v1/analyses", { params: { query: { limit: pageSize } } })).catch(() => null);
    early = { ...about, row: nothing, clip: nothing, page };
    return;
  }
  const params = { path: { analysis_id: id } };
  const row = answer(api.GET("/api/v1/analyses/{analysis_id}", { params })).then(withPicture).catch(() => null);
  const clip = kept
    // where this browser keeps clips it may be one of these
    .then((clips) => (clips.length > 0 ? null : answer(api.GET("/api/v1/analyses/{analysis_id}/playback", { params }))))
    .catch(() => null);
  early = { ...about, row, clip, page: nothing };
}

/** The largest picture of its page is fetched before that is drawn. */
function withPicture(row: Analysis): Analysis {
  if (row.thumbnail !== null) new Image().src = row.thumbnail.url;
  return row;
}

/** The first page of the list, given once. Null: it is to be asked for now. */
export async function earlyPage(): Promise<Page | null> {
  const asked = fresh();
  early = asked && { ...asked, page: nothing };
  return (await asked?.page) ?? null;
}

/** Given once. Null: it is to be asked for now. */
export async function earlyRow(id: string): Promise<Analysis | null> {
  const asked = fresh();
  early = asked && { ...asked, row: nothing };
  const row = await asked?.row;
  return row?.id === id ? row : null;
}

/** The link to a clip, given once. Null: it is to be asked for now. */
export async function earlyClip(videoId: string): Promise<{ url: string } | null> {
  const asked = fresh();
  early = asked && { ...asked, clip: nothing };
  const clip = await asked?.clip;
  return clip?.video_id === videoId ? clip : null;
}

function fresh(): Early | null {
  const current = session.get();
  if (early === null || current.state !== "in" || current.user.id !== early.userId) return null;
  return performance.now() - early.askedAtMs < freshMs ? early : null;
}
