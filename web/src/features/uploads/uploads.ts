import { answer, api, type Analysis } from "../../lib/api.ts";
import { clipsOf, dropClip, dropClipOfVideo, dropClipsOf, dropOldClips, keepClip, keptFile, noteArrived } from "../../lib/device-clips.ts";
import { apiUrl } from "../../lib/endpoint.ts";
import { asRequestError, isAbort, RequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { createStore } from "../../lib/store.ts";
import { quotaObstacle, reloadUser } from "../../lib/user.ts";
import { createPace } from "./pace.ts";
import type { Clip } from "./parts.ts";
import { dropRecord, findRecord, fingerprintOf, forgetSending, loadRecords, newRecord, noteSending, saveRecord, wasSending, type UploadRecord } from "./records.ts";
import { attemptsPerStep, contentTypeOf, sendVideo, stopBy, type SendHooks, type Stop } from "./send.ts";
import { afterOtherTab, alone, isInOtherTab } from "./tabs.ts";
import { words } from "./words.ts";

export interface Upload {
  fingerprint: string;
  fileName: string;
  sizeBytes: number;
  sentBytes: number;
  /** Until it is there, at the pace of the last seconds; null while nobody can say. */
  leftS: number | null;
  /**
   * `pausing`, `paused`: by the climber; a part that is almost there arrives in between. `unfinished`: known from an
   * earlier visit. `refused`: nothing was sent, and trying again would not help. `elsewhere`: another tab is sending it.
   */
  state: "waiting" | "sending" | "finishing" | "pausing" | "paused" | "failed" | "refused" | "elsewhere" | "unfinished";
  /** Can go on without the file being chosen again. */
  hasFile: boolean;
  /** Why it waits or failed. */
  reason: string | null;
}

/** How much has been sent, in whole percent. */
export function percentOf({ sentBytes, sizeBytes }: Upload): number {
  return sizeBytes === 0 ? 0 : Math.floor((100 * sentBytes) / sizeBytes);
}

/** The two ways in which what runs is stopped. */
interface Brake {
  now: AbortController;
  soon: AbortController;
}

export const uploads = createStore<readonly Upload[]>([]);

const files = new Map<string, File>();
const brakes = new Map<string, Brake>();
/** What has arrived since the page was opened, by fingerprint: a copy may be finished later than its upload. */
const arrivals = new Map<string, string>();
let userId: string | null = null;
/** Who left for good: what is still being copied for them goes as well. */
let leaver: string | null = null;
let line: Promise<void> = Promise.resolve();
let onAnalysis: (analysis: Analysis) => void = () => undefined;

/** Goes on with what this tab was sending, and shows what else this climber had not finished here. `receive` gets each analysis that an upload led to. */
export function openUploads(user: string, receive: (analysis: Analysis) => void): void {
  userId = user;
  leaver = null;
  onAnalysis = receive;
  for (const record of loadRecords(user)) void showRecord(user, record);
  void dropOldClips(user).then(() => dropDeleted(user));
}

/** Something went for good: so do the copies of it here. */
export function dropGoneClips(): void {
  if (userId !== null) void dropDeleted(userId);
}

/** Copies of climbs that were deleted elsewhere, for good: what is in the trash may come back. */
async function dropDeleted(owner: string): Promise<void> {
  for (const { videoId } of await clipsOf(owner)) {
    if (videoId === null || userId !== owner) continue;
    const code = await answer(api.GET("/api/v1/videos/{video_id}", { params: { path: { video_id: videoId } } })).then(
      () => null,
      (cause: unknown) => asRequestError(cause).code,
    );
    if (code === "video_not_found") await dropClipOfVideo(owner, videoId);
  }
}

/** An upload of an earlier visit, or of another tab until that tab is done with it. */
async function showRecord(owner: string, record: UploadRecord): Promise<void> {
  const { fingerprint } = record;
  const isGone = () => userId !== owner || brakes.has(fingerprint);
  if (await isInOtherTab(fingerprint)) {
    if (isGone()) return;
    put(describe(record, "elsewhere"));
    await afterOtherTab(fingerprint);
    if (isGone()) return;
    const left = findRecord(owner, fingerprint);
    if (left === null) remove(fingerprint);
    else await showRecord(owner, left);
    return;
  }
  const file = files.get(fingerprint) ?? (await keptFile(owner, fingerprint));
  const goesOn = (file !== null && wasSending(owner, fingerprint)) || (await isUploaded(record));
  if (isGone()) return;
  if (file !== null) files.set(fingerprint, file);
  if (goesOn) begin(owner, record);
  else put(describe(record, "unfinished"));
}

/** Everything has arrived, and only the end was lost: the rest needs no file and costs no data. */
async function isUploaded({ videoId }: UploadRecord): Promise<boolean> {
  if (videoId === null) return false;
  const asked = answer(api.GET("/api/v1/videos/{video_id}", { params: { path: { video_id: videoId } } }));
  return asked.then((video) => video.state === "uploaded").catch(() => false);
}

/** The session ended: stop sending, keep the records. `forGood`: the climber left, and nothing of them stays here. */
export function closeUploads(forGood: boolean): void {
  if (forGood && userId !== null) {
    leaver = userId;
    forgetSending(userId);
    void dropClipsOf(userId);
  }
  userId = null;
  for (const brake of brakes.values()) brake.now.abort();
  brakes.clear();
  files.clear();
  arrivals.clear();
  uploads.set([]);
}

/**
 * Starts a file, or goes on with it if it was chosen before. Files are sent one after the other.
 * True as soon as this browser has a copy of its own: the file may go.
 */
export async function startUpload(file: File): Promise<boolean> {
  if (userId === null) return false;
  const owner = userId;
  try {
    refuseUnsuited(file);
    const fingerprint = await identify(file);
    if (userId !== owner || brakes.has(fingerprint)) return false;
    files.set(fingerprint, file);
    arrivals.delete(fingerprint);
    const keeping = keep(owner, fingerprint, file);
    begin(owner, findRecord(owner, fingerprint) ?? newRecord(file.name, file.size, fingerprint));
    return await keeping;
  } catch (cause) {
    const refused = describe(newRecord(file.name, file.size, file.name), "refused");
    put({ ...refused, reason: asRequestError(cause).message });
    return false;
  }
}

/** The file for an upload that this browser kept no copy of. Another file is told apart and starts nothing. */
export async function resumeUpload(fingerprint: string, file: File): Promise<void> {
  try {
    if ((await identify(file)) === fingerprint) await startUpload(file);
    else change(fingerprint, { reason: words().otherFile(file.name) });
  } catch (cause) {
    change(fingerprint, { reason: asRequestError(cause).message });
  }
}

/** After a pause, a failure, or on a later visit. */
export function goOnWithUpload(fingerprint: string): void {
  if (userId === null || brakes.has(fingerprint)) return;
  const shown = uploads.get().find((upload) => upload.fingerprint === fingerprint);
  const record = findRecord(userId, fingerprint) ?? (shown && newRecord(shown.fileName, shown.sizeBytes, fingerprint));
  if (record !== undefined) begin(userId, record);
}

/**
 * Stops sending until the climber goes on. A part that is more than half there arrives first, unless this is asked
 * for twice; the others that are on their way are sent again later.
 */
export function pauseUpload(fingerprint: string): void {
  const brake = brakes.get(fingerprint);
  if (userId === null || brake === undefined) return;
  noteSending(userId, fingerprint, false);
  if (brake.soon.signal.aborted) {
    brake.now.abort();
    return;
  }
  brake.soon.abort();
  const isWaiting = uploads.get().some((upload) => upload.fingerprint === fingerprint && upload.state === "waiting");
  if (isWaiting) showPaused(userId, fingerprint);
  else change(fingerprint, { state: "pausing", reason: null, leftS: null });
}

/** Nothing of it is under way any more. */
function showPaused(owner: string, fingerprint: string): void {
  brakes.delete(fingerprint);
  change(fingerprint, { state: "paused", reason: null, leftS: null, sentBytes: findRecord(owner, fingerprint)?.storedBytes ?? 0 });
}

/** Stops an upload and removes what was sent of it. */
export async function discardUpload(fingerprint: string): Promise<void> {
  if (userId === null) return;
  const record = findRecord(userId, fingerprint);
  forget(userId, fingerprint);
  brakes.get(fingerprint)?.now.abort();
  brakes.delete(fingerprint);
  remove(fingerprint);
  if (record?.videoId == null) return;
  try {
    await answer(api.DELETE("/api/v1/videos/{video_id}", { params: { path: { video_id: record.videoId } } }));
  } catch {
    // what is left of an unfinished upload expires by itself within a day
  }
}

/** The climb that comes with the product, as a file like any other. */
export async function startExample(): Promise<void> {
  const response = await fetch(apiUrl("/examples/climb.mp4"), { signal: AbortSignal.timeout(60_000) }).catch((cause: unknown) => {
    throw asRequestError(cause);
  });
  if (!response.ok) throw new RequestError("example_missing", words().exampleMissing, response.status);
  await startUpload(new File([await response.blob()], "example-climb.mp4", { type: "video/mp4", lastModified: 0 }));
}

export function isSending(): boolean {
  return brakes.size > 0;
}

function refuseUnsuited(file: File): void {
  if (!window.isSecureContext) throw new RequestError("insecure", words().insecure, 400);
  if (file.size === 0) throw new RequestError("empty", words().emptyFile, 400);
  if (contentTypeOf(file) === null) throw new RequestError("not_a_video", words().notAVideo, 400);
}

async function keep(owner: string, fingerprint: string, file: File): Promise<boolean> {
  const isKept = await keepClip(owner, fingerprint, file);
  if (isKept && leaver === owner) await dropClip(owner, fingerprint);
  if (!isKept || userId !== owner || files.has(fingerprint)) return isKept;
  const videoId = arrivals.get(fingerprint);
  if (videoId === undefined) await dropClip(owner, fingerprint); // discarded meanwhile
  else await noteArrived(owner, fingerprint, videoId);
  return isKept;
}

async function identify(file: File): Promise<string> {
  try {
    return await fingerprintOf(file);
  } catch {
    throw new RequestError("file_unreadable", words().fileUnreadable, 400);
  }
}

/** Puts an upload into the line. */
function begin(owner: string, record: UploadRecord): void {
  const { fingerprint } = record;
  const brake = { now: new AbortController(), soon: new AbortController() };
  brakes.set(fingerprint, brake);
  saveRecord(owner, record); // not only once it is its turn: a crash before that would lose it, and a film may be nowhere else
  noteSending(owner, fingerprint, true);
  put(describe(record, "waiting"));
  line = line.then(() => run(owner, record, brake));
}

async function run(owner: string, record: UploadRecord, brake: Brake): Promise<void> {
  const stop = stopBy(brake.now.signal, brake.soon.signal);
  if (stop.either.aborted) return;
  const began = await alone(record.fingerprint, async () => {
    if (!stop.either.aborted) await send(owner, record, stop); // it may have been paused while other tabs were asked
  });
  const isCurrent = brakes.get(record.fingerprint) === brake;
  if (isCurrent) brakes.delete(record.fingerprint);
  if (!began) await showRecord(owner, record);
  else if (isCurrent && stop.soon.aborted) showPaused(owner, record.fingerprint);
}

async function send(owner: string, record: UploadRecord, stop: Stop): Promise<void> {
  const { fingerprint } = record;
  const signal = stop.either;
  change(fingerprint, { state: "sending", reason: null });
  const hooks = hooksOf(owner, record, stop);
  const file = files.get(fingerprint);
  const clip: Clip | null = file === undefined ? null : { file, spare: () => keptFile(owner, fingerprint) };
  try {
    const obstacle = record.videoId === null ? quotaObstacle(await persist({ ...hooks, signal, attempts: attemptsPerStep }, reloadUser)) : null;
    if (obstacle !== null) {
      // a film may be nowhere else: clip and record stay for the month that comes, or until they are discarded
      noteSending(owner, fingerprint, false);
      change(fingerprint, { state: "failed", leftS: null, reason: obstacle });
      return;
    }
    const analysis = await sendVideo(clip, record, hooks, stop);
    arrivals.set(fingerprint, analysis.video.id);
    forgetRecord(owner, fingerprint);
    await noteArrived(owner, fingerprint, analysis.video.id);
    if (userId === owner) {
      remove(fingerprint);
      onAnalysis(analysis);
    }
  } catch (cause) {
    if (isAbort(cause) || signal.aborted) return;
    const error = asRequestError(cause);
    if (error.status !== 401) noteSending(owner, fingerprint, false); // a session that ended: it goes on with the next one
    change(fingerprint, { state: "failed", leftS: null, reason: error.message });
  }
}

/** What sending tells, on the card and in the record. An upload that was paused or discarded must not come back. */
function hooksOf(owner: string, { fingerprint, sizeBytes }: UploadRecord, { now, soon, either }: Stop): SendHooks {
  const pace = createPace();
  const whileGoingOn = (values: Partial<Upload>) => {
    if (!either.aborted) change(fingerprint, values);
  };
  return {
    onRecord: (current) => {
      if (!either.aborted) saveRecord(owner, current);
    },
    onSent: (sentBytes) => {
      pace.add(performance.now(), sentBytes);
      if (soon.aborted && !now.aborted) change(fingerprint, { sentBytes });
      whileGoingOn({ state: "sending", sentBytes, leftS: pace.leftS(sizeBytes) });
    },
    onStored: (storedBytes) => {
      const record = findRecord(owner, fingerprint);
      if (record !== null && !now.aborted) saveRecord(owner, { ...record, storedBytes });
    },
    onTrouble: (reason) => whileGoingOn(reason === null ? { reason } : { reason, leftS: null }),
    onFinishing: () => whileGoingOn({ state: "finishing", sentBytes: sizeBytes, leftS: null, reason: null }),
  };
}

/** It is over: nothing of it stays in this browser. */
function forget(owner: string, fingerprint: string): void {
  forgetRecord(owner, fingerprint);
  void dropClip(owner, fingerprint);
}

/** It has arrived, or will never. */
function forgetRecord(owner: string, fingerprint: string): void {
  dropRecord(owner, fingerprint);
  noteSending(owner, fingerprint, false);
  files.delete(fingerprint);
}

function describe(record: UploadRecord, state: Upload["state"]): Upload {
  const { fingerprint, fileName, sizeBytes, storedBytes } = record;
  return { fingerprint, fileName, sizeBytes, sentBytes: storedBytes, leftS: null, state, hasFile: files.has(fingerprint), reason: null };
}

function put(upload: Upload): void {
  uploads.set([upload, ...uploads.get().filter((other) => other.fingerprint !== upload.fingerprint)]);
}

function change(fingerprint: string, values: Partial<Upload>): void {
  uploads.set(uploads.get().map((upload) => (upload.fingerprint === fingerprint ? { ...upload, ...values } : upload)));
}

function remove(fingerprint: string): void {
  uploads.set(uploads.get().filter((upload) => upload.fingerprint !== fingerprint));
}
