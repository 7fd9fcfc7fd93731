import type { MethodResponse } from "openapi-fetch";

import { answer, api } from "../../lib/api.ts";
import { ownZone } from "../../lib/day.ts";

export type RouteLog = MethodResponse<typeof api, "get", "/api/v1/routes/{route_id}">;
export type ClimbRoute = RouteLog["route"];
export type RemovedRoute = MethodResponse<typeof api, "get", "/api/v1/removed-routes">["items"][number];
export type LogEntry = RouteLog["entries"][number];
export type Recognition = MethodResponse<typeof api, "get", "/api/v1/analyses/{analysis_id}/recognition">;
export type Suggestion = NonNullable<Recognition["suggestion"]>;
export type Details = Pick<ClimbRoute, "name" | "grade" | "scale" | "wall" | "set_on" | "taken_down_on">;

export interface Tries {
  day: string;
  tries: number;
  is_sent: boolean;
  note: string | null;
}

const ofRoute = (id: string) => ({ path: { route_id: id } });
const ofClimb = (id: string) => ({ path: { analysis_id: id } });

export async function loadRoutes(signal: AbortSignal): Promise<readonly ClimbRoute[]> {
  return (await answer(api.GET("/api/v1/routes", { signal }))).items;
}

export async function loadLog(id: string, signal: AbortSignal): Promise<RouteLog> {
  return answer(api.GET("/api/v1/routes/{route_id}", { params: { ...ofRoute(id), query: { zone: ownZone() } }, signal }));
}

export async function changeRoute(id: string, details: Details): Promise<ClimbRoute> {
  return answer(api.PUT("/api/v1/routes/{route_id}", { params: ofRoute(id), body: details }));
}

/** For as long as deleted climbs, it can be had back. */
export async function removeRoute(id: string): Promise<void> {
  await answer(api.DELETE("/api/v1/routes/{route_id}", { params: ofRoute(id) }));
}

export async function loadRemoved(signal: AbortSignal): Promise<readonly RemovedRoute[]> {
  return (await answer(api.GET("/api/v1/removed-routes", { signal }))).items;
}

export async function restoreRoute(id: string): Promise<ClimbRoute> {
  return answer(api.POST("/api/v1/removed-routes/{route_id}/restore", { params: ofRoute(id) }));
}

/** For good. */
export async function forgetRoute(id: string): Promise<void> {
  await answer(api.DELETE("/api/v1/removed-routes/{route_id}", { params: ofRoute(id) }));
}

/** key: the same for the same wish, so that a repetition writes it down once. */
export async function addTries(id: string, tries: Tries, key: string): Promise<void> {
  await answer(api.POST("/api/v1/routes/{route_id}/tries", { params: { ...ofRoute(id), header: { "Idempotency-Key": key } }, body: tries }));
}

export async function deleteTries(id: string, triesId: string): Promise<void> {
  await answer(api.DELETE("/api/v1/routes/{route_id}/tries/{tries_id}", { params: { path: { route_id: id, tries_id: triesId } } }));
}

/** isSent: null: what the film shows counts again. */
export async function tellSend(analysisId: string, attempt: number, isSent: boolean | null): Promise<void> {
  await answer(api.PUT("/api/v1/analyses/{analysis_id}/sends", { params: ofClimb(analysisId), body: { attempt, is_sent: isSent } }));
}

export async function askWhere(analysisId: string, signal: AbortSignal): Promise<Recognition> {
  return answer(api.POST("/api/v1/analyses/{analysis_id}/recognition", { params: ofClimb(analysisId), signal }));
}

export async function lookWhere(analysisId: string, signal: AbortSignal): Promise<Recognition> {
  return answer(api.GET("/api/v1/analyses/{analysis_id}/recognition", { params: ofClimb(analysisId), signal }));
}

export async function answerWhere(analysisId: string, said: NonNullable<Recognition["answer"]>): Promise<void> {
  await answer(api.PUT("/api/v1/analyses/{analysis_id}/recognition/answer", { params: ofClimb(analysisId), body: { answer: said } }));
}
