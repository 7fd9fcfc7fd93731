import { answer, api, type Choices } from "../../lib/api.ts";
import { announce } from "../../lib/announcement.ts";
import { dropClipOfVideo } from "../../lib/device-clips.ts";
import { RequestError } from "../../lib/errors.ts";
import { session } from "../../lib/session.ts";
import { createStore } from "../../lib/store.ts";
import { nothingLoaded, withFirstPage, withoutRow, withoutVideo, withRows, withVideo, type Analyses, type Analysis } from "./state.ts";
import { words } from "./words.ts";

const pageSize = 20;
const notFound = 404;

/** Videos that this page is deleting itself. */
const leaving = new Set<string>();

/** Every analysis this page knows: the list, the live events and the player read the same rows. */
export const analyses = createStore<Analyses>(nothingLoaded);

export function forgetAnalyses(): void {
  analyses.set(nothingLoaded);
}

export function putAnalysis(row: Analysis): void {
  analyses.set(withRows(analyses.get(), [row]));
}

export async function loadFirstPage(): Promise<void> {
  const page = await answer(api.GET("/api/v1/analyses", { params: { query: { limit: pageSize } } }));
  analyses.set(withFirstPage(analyses.get(), page.items, page.next_cursor));
}

/** The next older page; the id of its first row, null where there is none. */
export async function loadMore(): Promise<string | null> {
  const cursor = analyses.get().nextCursor;
  if (cursor === null) return null;
  const page = await answer(api.GET("/api/v1/analyses", { params: { query: { limit: pageSize, cursor } } }));
  analyses.set({ ...withRows(analyses.get(), page.items), nextCursor: page.next_cursor });
  return page.items[0]?.id ?? null;
}

export async function loadAnalysis(id: string): Promise<void> {
  putAnalysis(await answer(api.GET("/api/v1/analyses/{analysis_id}", { params: { path: { analysis_id: id } } })));
}

/** The row as it is now, gone where the API has none: another device may have deleted it. */
export async function lookAgain(id: string): Promise<void> {
  try {
    await loadAnalysis(id);
  } catch (cause) {
    if (!(cause instanceof RequestError) || cause.status !== notFound) throw cause;
    const row = analyses.get().items.find((item) => item.id === id);
    analyses.set(withoutRow(analyses.get(), id));
    if (row !== undefined) dropCopy(row.video.id);
  }
}

/** The clip of a climb that is gone. Its own climber's alone can be in this browser. */
function dropCopy(videoId: string): void {
  const current = session.get();
  if (current.state === "in") void dropClipOfVideo(current.user.id, videoId);
}

/** What became of a video on another device: it was saved, given up, restored or deleted. */
export async function reloadVideo(videoId: string): Promise<void> {
  if (leaving.has(videoId)) return;
  const rows = analyses.get().items.filter((item) => item.video.id === videoId);
  await Promise.all(rows.map((row) => lookAgain(row.id)));
}

export async function cancelAnalysis({ id }: Analysis): Promise<void> {
  await answer(api.POST("/api/v1/analyses/{analysis_id}/cancel", { params: { path: { analysis_id: id } } }));
  await loadAnalysis(id);
}

export async function retryAnalysis({ id }: Analysis): Promise<void> {
  await answer(api.POST("/api/v1/analyses/{analysis_id}/retry", { params: { path: { analysis_id: id } } }));
  await loadAnalysis(id);
}

/** Analyzes anew with what the climber told us; a result that is there stays until the new one replaces it. */
export async function correctAnalysis({ id }: Analysis, choices: Choices): Promise<void> {
  putAnalysis(await answer(api.POST("/api/v1/analyses/{analysis_id}/retry", { params: { path: { analysis_id: id } }, body: choices })));
}

/** Only climbs of routes with the same name are compared by their raw numbers. */
export async function nameRoute({ id }: Analysis, route: string | null): Promise<void> {
  putAnalysis(await answer(api.PUT("/api/v1/analyses/{analysis_id}/route", { params: { path: { analysis_id: id } }, body: { route } })));
}

/** Keeps the video until its climber gives it up. */
export async function saveVideo({ id }: { id: string }): Promise<void> {
  const video = await answer(api.PUT("/api/v1/videos/{video_id}/saved", { params: { path: { video_id: id } } }));
  analyses.set(withVideo(analyses.get(), video));
}

/** Undoes saving: the video lives as long as one just uploaded. */
export async function giveUpVideo({ id }: { id: string }): Promise<void> {
  const video = await answer(api.DELETE("/api/v1/videos/{video_id}/saved", { params: { path: { video_id: id } } }));
  analyses.set(withVideo(analyses.get(), video));
}

/** Asks for a video in the deep archive; its row says when it is there. */
export async function restoreVideo({ id }: { id: string }): Promise<void> {
  const video = await answer(api.POST("/api/v1/videos/{video_id}/restore", { params: { path: { video_id: id } } }));
  analyses.set(withVideo(analyses.get(), video));
}

/** Deletes the climb: its video and every analysis of it. The rows stay until the API has done it. */
export async function deleteClimb(analysis: Analysis): Promise<void> {
  const { id } = analysis.video;
  leaving.add(id);
  try {
    await answer(api.DELETE("/api/v1/videos/{video_id}", { params: { path: { video_id: id } } }));
  } finally {
    leaving.delete(id);
  }
  analyses.set(withoutVideo(analyses.get(), id));
  dropCopy(id);
  announce(words().removed(analysis.video.file_name));
}
