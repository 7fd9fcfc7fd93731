import createClient from "openapi-fetch";

import type { components, paths } from "../../client.gen.ts";
import { answer, api } from "../../lib/api.ts";
import { apiOrigin } from "../../lib/endpoint.ts";
import { language } from "../../lib/language.ts";
import { units } from "../../lib/units.ts";
import type { Source } from "../player/source.ts";
import { words } from "./words.ts";

export type Share = components["schemas"]["ShareRead"];
export type ShareWish = components["schemas"]["ShareCreate"];
export type Shared = components["schemas"]["SharedRead"];
export type Opened = components["schemas"]["OpenedRead"];
export type Coach = components["schemas"]["CoachRead"];
export type Invited = components["schemas"]["InvitedRead"];
export type Invitation = components["schemas"]["InvitationRead"];
export type CoachedClimber = components["schemas"]["CoachedClimberRead"];
export type CoachedPage = components["schemas"]["CoachedClimbPage"];
export type CoachedClimb = CoachedPage["items"][number];
export type OpenCommentPage = components["schemas"]["OpenCommentPage"];
export type OpenComment = OpenCommentPage["items"][number];
export type Comment = components["schemas"]["CommentRead"];

/** Calls as an account, or as a guest with a ticket. */
export type Client = typeof api;

const timeoutMs = 30_000;
const base = "/api/v1/shared/analyses/{analysis_id}";

/** Calls as a guest: whoever is logged in here beside that plays no part. */
export function guestClient(ticket: () => string): Client {
  const withTicket = (request: Request) => {
    request.headers.set("Authorization", `Bearer ${ticket()}`);
    return fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]) });
  };
  return createClient<paths>({ baseUrl: apiOrigin, credentials: "omit", fetch: withTicket });
}

const at = (id: string) => ({ path: { analysis_id: id } });

/** What the player shows to others. */
export function sharedSource(client: Client, video: Shared["video"]): Source {
  return {
    isOwn: false,
    result: (id, _isOriginal, signal) => answer(client.GET(`${base}/result`, { params: at(id), parseAs: "stream", signal })),
    coaching: (id, spoken, signal) => answer(client.GET(`${base}/coaching`, { params: { ...at(id), query: { language: spoken, units: units.get() } }, signal })),
    wall: (id, signal) => answer(client.GET(`${base}/wall`, { params: at(id), signal })),
    playback: (id, signal) => answer(client.GET(`${base}/playback`, { params: at(id), signal })),
    preview: (id, isAsking, signal) => answer(isAsking ? client.PUT(`${base}/preview`, { params: at(id), signal }) : client.GET(`${base}/preview`, { params: at(id), signal })),
    withoutVideo: () => words().withoutVideo[video === "shown" ? "hidden" : video],
  };
}

export function loadShared(client: Client, id: string, signal: AbortSignal): Promise<Shared> {
  return answer(client.GET(base, { params: at(id), signal }));
}

export async function loadComments(client: Client, id: string, signal: AbortSignal): Promise<Comment[]> {
  return (await answer(client.GET(`${base}/comments`, { params: at(id), signal }))).items;
}

export function writeComment(id: string, atS: number, text: string): Promise<Comment> {
  return answer(api.POST(`${base}/comments`, { params: at(id), body: { at_s: atS, text } }));
}

const comment = (id: string, commentId: string) => ({ path: { analysis_id: id, comment_id: commentId } });

export function changeComment(id: string, commentId: string, text: string): Promise<Comment> {
  return answer(api.PUT(`${base}/comments/{comment_id}`, { params: comment(id, commentId), body: { text } }));
}

export async function deleteComment(id: string, commentId: string): Promise<void> {
  await answer(api.DELETE(`${base}/comments/{comment_id}`, { params: comment(id, commentId) }));
}

export async function restoreComment(id: string, commentId: string): Promise<void> {
  await answer(api.POST(`${base}/comments/{comment_id}/restore`, { params: comment(id, commentId) }));
}

export async function loadShares(id: string, signal: AbortSignal): Promise<Share[]> {
  return (await answer(api.GET("/api/v1/analyses/{analysis_id}/shares", { params: at(id), signal }))).items;
}

export function makeShare(id: string, wish: ShareWish): Promise<Share> {
  return answer(api.POST("/api/v1/analyses/{analysis_id}/shares", { params: at(id), body: wish }));
}

/** Has the copy for others made where that failed. */
export async function copyAgain(shareId: string): Promise<void> {
  await answer(api.POST("/api/v1/shares/{share_id}/copy", { params: { path: { share_id: shareId } } }));
}

export async function endShare(shareId: string): Promise<void> {
  await answer(api.DELETE("/api/v1/shares/{share_id}", { params: { path: { share_id: shareId } } }));
}

export async function endShares(id: string): Promise<void> {
  await answer(api.DELETE("/api/v1/analyses/{analysis_id}/shares", { params: at(id) }));
}

export function openShare(token: string, password: string | null, ticket: string | null): Promise<Opened> {
  return answer(api.POST("/api/v1/shares/open", { body: { token, ...(password === null ? {} : { password }), ...(ticket === null ? {} : { ticket }) } }));
}

export async function loadCoaches(signal: AbortSignal): Promise<Coach[]> {
  return (await answer(api.GET("/api/v1/coaches", { signal }))).items;
}

export function inviteCoach(email: string, withPast: boolean): Promise<Invited> {
  return answer(api.POST("/api/v1/coaches", { body: { email, with_past: withPast, language: language.get() } }));
}

export async function endCoach(id: string): Promise<void> {
  await answer(api.DELETE("/api/v1/coaches/{coach_id}", { params: { path: { coach_id: id } } }));
}

export function readInvitation(token: string, signal: AbortSignal): Promise<Invitation> {
  return answer(api.POST("/api/v1/coach-invitations/read", { body: { token }, signal }));
}

export function acceptInvitation(token: string): Promise<CoachedClimber> {
  return answer(api.POST("/api/v1/climbers", { body: { token } }));
}

export async function loadClimbers(signal: AbortSignal): Promise<CoachedClimber[]> {
  return (await answer(api.GET("/api/v1/climbers", { signal }))).items;
}

export async function leaveClimber(id: string): Promise<void> {
  await answer(api.DELETE("/api/v1/climbers/{coached_id}", { params: { path: { coached_id: id } } }));
}

export function loadClimbs(id: string, cursor: string | null, signal: AbortSignal): Promise<CoachedPage> {
  const query = cursor === null ? {} : { cursor };
  return answer(api.GET("/api/v1/climbers/{coached_id}/climbs", { params: { path: { coached_id: id }, query }, signal }));
}

/** What others said, and one has not answered. */
export function loadOpenComments(cursor: string | null, signal: AbortSignal): Promise<OpenCommentPage> {
  const query = cursor === null ? {} : { cursor };
  return answer(api.GET("/api/v1/coached-comments", { params: { query }, signal }));
}

/** The latest climbs of everybody whom one coaches, with whose they are. */
export async function loadAllClimbs(signal: AbortSignal): Promise<[climb: CoachedClimb, climber: string][]> {
  const climbers = await loadClimbers(signal);
  const query = { limit: 100 };
  const pages = await Promise.all(climbers.map(({ id }) => answer(api.GET("/api/v1/climbers/{coached_id}/climbs", { params: { path: { coached_id: id }, query }, signal }))));
  return climbers.flatMap(({ name }, index) => (pages[index]?.items ?? []).map((climb): [CoachedClimb, string] => [climb, name]));
}

/** The address that is handed on: what follows the hash sign reaches no server's log. */
export function linkOf(page: "shared" | "coach", token: string): string {
  return `${window.location.origin}/${page}#${token}`;
}
