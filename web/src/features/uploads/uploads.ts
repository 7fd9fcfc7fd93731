import { answer, api, type Analysis } from "../../lib/api.ts";
import { apiUrl } from "../../lib/endpoint.ts";
import { asRequestError, isAbort, RequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { createStore } from "../../lib/store.ts";
import { quotaObstacle, reloadUser } from "../../lib/user.ts";
import { dropRecord, fingerprintOf, loadRecords, newRecord, saveRecord, type UploadRecord } from "./records.ts";
import { attemptsPerStep, contentTypeOf, sendVideo, type SendHooks } from "./send.ts";
import { afterOtherTab, alone, isInOtherTab } from "./tabs.ts";

export interface Upload {
  fingerprint: string;
  fileName: string;
  sizeBytes: number;
  sentBytes: number;
  /**
   * `refused`: nothing was sent, and trying again would not help. `elsewhere`: another tab is sending it.
   * `unfinished`: known from an earlier visit, its file has to be chosen again.
   */
  state: "waiting" | "sending" | "finishing" | "failed" | "refused" | "elsewhere" | "unfinished";
  /** Why it waits or failed. */
  reason: string | null;
}

export const uploads = createStore<readonly Upload[]>([]);

const files = new Map<string, File>();
const controllers = new Map<string, AbortController>();
let userId: string | null = null;
let line: Promise<void> = Promise.resolve();
let onAnalysis: (analysis: Analysis) => void = () => undefined;

/** Shows what this climber had not finished here. `receive` gets each analysis that an upload led to. */
export function openUploads(user: string, receive: (analysis: Analysis) => void): void {
  userId = user;
  onAnalysis = receive;
  for (const record of loadRecords(user)) void showRecord(user, record);
}

/** An upload of an earlier visit, or of another tab until that tab is done with it. */
async function showRecord(owner: string, record: UploadRecord): Promise<void> {
  const { fingerprint } = record;
  const isBusy = await isInOtherTab(fingerprint);
  if (userId !== owner || controllers.has(fingerprint)) return;
  put(describe(record, isBusy ? "elsewhere" : "unfinished"));
  if (!isBusy) return;
  await afterOtherTab(fingerprint);
  if (userId !== owner || controllers.has(fingerprint)) return;
  const left = loadRecords(owner).find((known) => known.fingerprint === fingerprint);
  if (left === undefined) remove(fingerprint);
  else put(describe(left, "unfinished"));
}

/** The session ended: stop sending, keep the records. */
export function closeUploads(): void {
  userId = null;
  for (const controller of controllers.values()) controller.abort();
  controllers.clear();
  files.clear();
  uploads.set([]);
}

/** Starts a file, or goes on with it if it was chosen before. Files are sent one after the other. */
export function startUpload(file: File): void {
  if (userId === null) return;
  const fingerprint = fingerprintOf(file);
  if (controllers.has(fingerprint)) return;
  const owner = userId;
  const record = loadRecords(owner).find((known) => known.fingerprint === fingerprint) ?? newRecord(file);
  put(describe(record, "waiting"));
  const obstacle = obstacleOf(file);
  if (obstacle !== null) {
    change(fingerprint, { state: "refused", reason: obstacle });
    return;
  }
  files.set(fingerprint, file);
  const controller = new AbortController();
  controllers.set(fingerprint, controller);
  line = line.then(() => run(owner, file, record, controller));
}

export function retryUpload(fingerprint: string): void {
  const file = files.get(fingerprint);
  if (file !== undefined) startUpload(file);
}

/** Stops an upload and removes what was sent of it. */
export async function discardUpload(fingerprint: string): Promise<void> {
  if (userId === null) return;
  controllers.get(fingerprint)?.abort();
  controllers.delete(fingerprint);
  const record = loadRecords(userId).find((known) => known.fingerprint === fingerprint);
  dropRecord(userId, fingerprint);
  files.delete(fingerprint);
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
  if (!response.ok) throw new RequestError("example_missing", "The example is not on this server.", response.status);
  startUpload(new File([await response.blob()], "example-climb.mp4", { type: "video/mp4", lastModified: 0 }));
}

export function isSending(): boolean {
  return controllers.size > 0;
}

function obstacleOf(file: File): string | null {
  if (!window.isSecureContext) return "This page was opened without https, so the browser cannot check what it sends. Open the https address.";
  if (file.size === 0) return "This file is empty. Choose the clip again; the phone may not have finished saving it.";
  if (contentTypeOf(file) === null) return "This is not a video that we can read. Choose an MP4, MOV or WebM from a phone or camera.";
  return null;
}

async function run(owner: string, file: File, record: UploadRecord, controller: AbortController): Promise<void> {
  if (controller.signal.aborted) return;
  const began = await alone(record.fingerprint, () => send(owner, file, record, controller.signal));
  if (controllers.get(record.fingerprint) === controller) controllers.delete(record.fingerprint);
  if (!began) await showRecord(owner, record);
}

async function send(owner: string, file: File, record: UploadRecord, signal: AbortSignal): Promise<void> {
  const { fingerprint } = record;
  change(fingerprint, { state: "sending", reason: null });
  const hooks: SendHooks = {
    onRecord: (current) => {
      if (!signal.aborted) saveRecord(owner, current); // a discarded upload must not come back
    },
    onSent: (sentBytes) => change(fingerprint, { state: "sending", sentBytes }),
    onTrouble: (reason) => change(fingerprint, { reason }),
    onFinishing: () => change(fingerprint, { state: "finishing", sentBytes: record.sizeBytes, reason: null }),
  };
  try {
    const obstacle = record.videoId === null ? quotaObstacle(await persist({ ...hooks, signal, attempts: attemptsPerStep }, reloadUser)) : null;
    if (obstacle !== null) {
      change(fingerprint, { state: "refused", reason: obstacle });
      return;
    }
    const analysis = await sendVideo(file, record, hooks, signal);
    dropRecord(owner, fingerprint);
    files.delete(fingerprint);
    if (userId === owner) {
      remove(fingerprint);
      onAnalysis(analysis);
    }
  } catch (cause) {
    if (!isAbort(cause)) change(fingerprint, { state: "failed", reason: asRequestError(cause).message });
  }
}

function describe(record: UploadRecord, state: Upload["state"]): Upload {
  const { fingerprint, fileName, sizeBytes } = record;
  return { fingerprint, fileName, sizeBytes, sentBytes: 0, state, reason: null };
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
