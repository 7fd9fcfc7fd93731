import { answer, api, type Choices } from "../../lib/api.ts";
import { announce } from "../../lib/announcement.ts";
import { dropClipOfVideo } from "../../lib/device-clips.ts";
import { earlyPage, pageSize } from "../../lib/early.ts";
import { asRequestError, RequestError } from "../../lib/errors.ts";
import { focusHeading } from "../../lib/focus.ts";
import { session } from "../../lib/session.ts";
import { createStore } from "../../lib/store.ts";
import { showToast } from "../../lib/toast.ts";
import { nothingLoaded, withFirstPage, withoutRow, withoutVideo, withRows, withVideo, type Analyses, type Analysis } from "./state.ts";
import { words } from "./words.ts";

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

export function putAnalyses(rows: readonly Analysis[]): void {
  analyses.set(withRows(analyses.get(), rows));
}

/** When each row was last changed from here, by a clock that only counts changes. */
const changedAt = new Map<string, number>();
let changes = 0;

/** What the API answered to a change. */
function putChanged(rows: readonly Analysis[]): void {
  changes += 1;
  for (const { id } of rows) changedAt.set(id, changes);
  putAnalyses(rows);
}

/** Rows that were asked for at this count of changes, but for those changed since: an answer that comes late must not undo a change. */
function unlessChanged(rows: readonly Analysis[], since: number): readonly Analysis[] {
  const known = new Map(analyses.get().items.map((row) => [row.id, row]));
  return rows.map((row) => ((changedAt.get(row.id) ?? 0) > since ? (known.get(row.id) ?? row) : row));
}

/** Takes the newest page, which is asked for now. */
export function awaitFirstPage(): (rows: readonly Analysis[], nextCursor: string | null) => void {
  const since = changes;
  return (rows, nextCursor) => analyses.set(withFirstPage(analyses.get(), unlessChanged(rows, since), nextCursor));
}

export async function loadFirstPage(): Promise<void> {
  const take = awaitFirstPage();
  const page = (await earlyPage()) ?? (await answer(api.GET("/api/v1/analyses", { params: { query: { limit: pageSize } } })));
  take(page.items, page.next_cursor);
}

/** The next older page; the id of its first row, null where there is none. */
export async function loadMore(): Promise<string | null> {
  const cursor = analyses.get().nextCursor;
  if (cursor === null) return null;
  const since = changes;
  const page = await answer(api.GET("/api/v1/analyses", { params: { query: { limit: pageSize, cursor } } }));
  analyses.set({ ...withRows(analyses.get(), unlessChanged(page.items, since)), nextCursor: page.next_cursor });
  return page.items[0]?.id ?? null;
}

export async function loadAnalysis(id: string): Promise<void> {
  const since = changes;
  const row = await answer(api.GET("/api/v1/analyses/{analysis_id}", { params: { path: { analysis_id: id } } }));
  putAnalyses(unlessChanged([row], since));
}

/** The row as it is now, gone where the API has none: another device may have deleted it. */
export async function lookAgain(id: string): Promise<void> {
  try {
    await loadAnalysis(id);
  } catch (cause) {
    if (!(cause instanceof RequestError) || cause.status !== notFound) throw cause;
    analyses.set(withoutRow(analyses.get(), id)); // a copy of its clip stays: it may be in the trash
  }
}

/** The clip of a climb that is gone. Its own climber's alone can be in this browser. */
function dropCopy(videoId: string): void {
  const current = session.get();
  if (current.state === "in") void dropClipOfVideo(current.user.id, videoId);
}

/** What became of a video on another device: it was saved, given up, deleted, or restored, also out of the trash. */
export async function reloadVideo(videoId: string): Promise<void> {
  if (leaving.has(videoId)) return;
  const rows = analyses.get().items.filter((item) => item.video.id === videoId);
  if (rows.length === 0) await loadFirstPage();
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
  putChanged([await answer(api.POST("/api/v1/analyses/{analysis_id}/retry", { params: { path: { analysis_id: id } }, body: choices }))]);
}

/** Only climbs of one route are compared by their raw numbers. The id of the route that stands under the name. */
export async function nameRoute({ id }: Analysis, route: string | null): Promise<string | null> {
  const row = await answer(api.PUT("/api/v1/analyses/{analysis_id}/route", { params: { path: { analysis_id: id } }, body: { route } }));
  putChanged([row]);
  return row.route_id;
}

/** `change`: makes all of its tags from those that it has now. */
export async function tagClimb({ id, ...shown }: Analysis, change: (tags: readonly string[]) => string[]): Promise<void> {
  const tags = change(analyses.get().items.find((item) => item.id === id)?.tags ?? shown.tags);
  putChanged([await answer(api.PUT("/api/v1/analyses/{analysis_id}/tags", { params: { path: { analysis_id: id } }, body: { tags } }))]);
}

/** Keeps the video until its climber gives it up. */
export async function saveVideo({ id }: { id: string }): Promise<void> {
  putVideo(await answer(api.PUT("/api/v1/videos/{video_id}/saved", { params: { path: { video_id: id } } })));
}

/** Undoes saving: the video lives as long as one just uploaded. */
export async function giveUpVideo({ id }: { id: string }): Promise<void> {
  putVideo(await answer(api.DELETE("/api/v1/videos/{video_id}/saved", { params: { path: { video_id: id } } })));
}

/** Asks for a video in the deep archive; its row says when it is there. */
export async function restoreVideo({ id }: { id: string }): Promise<void> {
  putVideo(await answer(api.POST("/api/v1/videos/{video_id}/restore", { params: { path: { video_id: id } } })));
}

function putVideo(video: Analysis["video"]): void {
  putChanged(withVideo(analyses.get(), video).items.filter((row) => row.video.id === video.id));
}

/** Puts the climb in the trash, or removes it for good: its video and every analysis of it. The rows stay until the API has done it. */
async function takeAway(analysis: Analysis, forGood: boolean): Promise<void> {
  const { id } = analysis.video;
  leaving.add(id);
  try {
    await answer(api.DELETE("/api/v1/videos/{video_id}", { params: { path: { video_id: id }, query: { for_good: forGood } } }));
  } finally {
    leaving.delete(id);
  }
  analyses.set(withoutVideo(analyses.get(), id));
}

/** Into the trash, with a way back. The copy of the clip in this browser stays: it may be the last one. */
export async function deleteClimb(analysis: Analysis): Promise<void> {
  await takeAway(analysis, false);
  const { trashed, trash } = words();
  const undo = async () => {
    await restoreClimb(analysis.id);
    focusHeading({ preventScroll: true }); // the notice goes with its button
    announce(trash.restored(analysis.video.file_name));
  };
  showToast(trashed(analysis.video.file_name), () => void undo().catch((cause: unknown) => showToast(asRequestError(cause).message)));
}

export async function deleteClimbForGood(analysis: Analysis): Promise<void> {
  await takeAway(analysis, true);
  dropCopy(analysis.video.id);
  announce(words().removed(analysis.video.file_name));
}

/** Out of the trash, with its clip and all that went with it. */
export async function restoreClimb(id: string): Promise<void> {
  putAnalysis(await answer(api.POST("/api/v1/trash/{analysis_id}/restore", { params: { path: { analysis_id: id } } })));
  void loadFirstPage().catch(() => undefined); // the next look asks again
}
