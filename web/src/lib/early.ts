/** What a page that begins with the address of a climb needs, asked for as soon as there is a session: its code is still on its way then. */

import type { MethodResponse } from "openapi-fetch";

import { answer, api, type Analysis } from "./api.ts";
import { allClips } from "./device-clips.ts";
import { session } from "./session.ts";

type Clip = MethodResponse<typeof api, "get", "/api/v1/analyses/{analysis_id}/playback">;

const climbPath = /^\/climbs\/([0-9a-f-]{36})\/?$/;

/** Then it may have changed since. */
const freshMs = 10_000;

interface Early {
  userId: string;
  askedAtMs: number;
  row: Promise<Analysis | null>;
  clip: Promise<Clip | null>;
}

const nothing = Promise.resolve(null);
let early: Early | null = null;

/** Nothing is told of what fails: it is asked for again where it is wanted. `resumed`: there is a session, or none. */
export async function askEarly(path: string, resumed: Promise<void>): Promise<void> {
  const id = climbPath.exec(path)?.[1];
  if (id === undefined) return;
  const kept = allClips().catch(() => []); // a browser takes as long to find its database as a network to answer
  await resumed;
  const current = session.get();
  if (current.state !== "in") return;
  const params = { path: { analysis_id: id } };
  const row = answer(api.GET("/api/v1/analyses/{analysis_id}", { params })).catch(() => null);
  const clip = kept
    // where this browser keeps clips it may be one of these
    .then((clips) => (clips.length > 0 ? null : answer(api.GET("/api/v1/analyses/{analysis_id}/playback", { params }))))
    .catch(() => null);
  early = { userId: current.user.id, askedAtMs: performance.now(), row, clip };
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
