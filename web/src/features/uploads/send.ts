import type { components } from "../../client.gen.ts";
import { answer, api, type Analysis } from "../../lib/api.ts";
import { isAbort, RequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { inLanes } from "./lanes.ts";
import { putPart, readPart, type Clip, type Part, type SignedRequest } from "./parts.ts";
import { newRecord, type UploadRecord } from "./records.ts";
import { words } from "./words.ts";

type Video = components["schemas"]["VideoRead"];
type ContentType = components["schemas"]["VideoCreate"]["content_type"];

/** With the back-off between them: about an hour of trouble. Hours without any network do not count. */
export const attemptsPerStep = 200;

/** Two ways to stop. `now`: whatever is under way. `soon`: nothing more begins, and a part that is almost there arrives. */
export interface Stop {
  now: AbortSignal;
  soon: AbortSignal;
  either: AbortSignal;
}

export function stopBy(now: AbortSignal, soon: AbortSignal): Stop {
  return { now, soon, either: AbortSignal.any([now, soon]) };
}

export interface SendHooks {
  /** The record as it must be remembered from now on. */
  onRecord: (record: UploadRecord) => void;
  onSent: (sentBytes: number) => void;
  /** Another part is safe in storage: so many bytes are there now. */
  onStored: (storedBytes: number) => void;
  /** A reason while waiting for the next attempt; null when sending again. */
  onTrouble: (reason: string | null) => void;
  onFinishing: () => void;
}

/**
 * Sends the clip part by part, completes the upload and asks for its analysis. Goes on where `record` stopped;
 * without a clip only where everything has arrived already.
 * Throws RequestError or AbortError; the record stays good for another try.
 */
export async function sendVideo(clip: Clip | null, record: UploadRecord, hooks: SendHooks, stop: Stop): Promise<Analysis> {
  try {
    return await sendOnce(clip, record, hooks, stop);
  } catch (cause) {
    if (!(cause instanceof RequestError) || cause.code !== "upload_expired" || clip === null) throw cause;
    return sendOnce(clip, newRecord(record.fileName, record.sizeBytes, record.fingerprint), hooks, stop); // from the beginning
  }
}

async function sendOnce(clip: Clip | null, record: UploadRecord, hooks: SendHooks, stop: Stop): Promise<Analysis> {
  const signal = stop.either;
  const [video, current] = await openVideo(clip, record, hooks, signal);
  if (video.state === "uploading") {
    const known = requireClip(clip);
    await sendParts(known, video, hooks, stop);
    hooks.onFinishing();
    await completeVideo(known, video, hooks, stop);
  }
  hooks.onFinishing();
  return persist({ ...hooks, signal, attempts: attemptsPerStep }, () =>
    answer(
      api.POST("/api/v1/analyses", {
        params: { header: { "Idempotency-Key": current.analysisKey } },
        body: { video_id: video.id, choices: {} },
        signal,
      }),
    ),
  );
}

function requireClip(clip: Clip | null): Clip {
  if (clip === null) throw new RequestError("file_missing", words().resume, 400);
  return clip;
}

/** The video of the record if it is still good, else a new one. */
async function openVideo(clip: Clip | null, record: UploadRecord, hooks: SendHooks, signal: AbortSignal): Promise<[Video, UploadRecord]> {
  let current = record;
  if (current.videoId !== null) {
    const known = await findVideo(current.videoId, hooks, signal);
    if (known !== null && known.state !== "expired") return [known, current];
    current = newRecord(current.fileName, current.sizeBytes, current.fingerprint);
  }
  const { file } = requireClip(clip);
  hooks.onRecord(current); // before the request: its key must survive a crash right after it
  const body = { file_name: current.fileName, content_type: contentTypeOf(file) ?? "video/mp4", size_bytes: file.size };
  const params = { header: { "Idempotency-Key": current.videoKey } };
  const video = await persist({ ...hooks, signal, attempts: attemptsPerStep }, () => answer(api.POST("/api/v1/videos", { params, body, signal })));
  current = { ...current, videoId: video.id };
  hooks.onRecord(current);
  return [video, current];
}

async function findVideo(videoId: string, hooks: SendHooks, signal: AbortSignal): Promise<Video | null> {
  try {
    return await persist({ ...hooks, signal, attempts: attemptsPerStep }, () =>
      answer(api.GET("/api/v1/videos/{video_id}", { params: { path: { video_id: videoId } }, signal })),
    );
  } catch (cause) {
    if (cause instanceof RequestError && cause.status === 404) return null;
    throw cause;
  }
}

/** Sends every part that is not there yet. Throws AbortError where it was stopped, also when what may finish has finished. */
async function sendParts(clip: Clip, video: Video, hooks: SendHooks, stop: Stop): Promise<void> {
  const signal = stop.either;
  const path = { video_id: video.id };
  const there = await persist({ ...hooks, signal, attempts: attemptsPerStep }, () => answer(api.GET("/api/v1/videos/{video_id}/parts", { params: { path }, signal })));
  const stored = new Map(there.parts.map((part) => [part.part_number, part]));
  const sentByPart = new Map(there.parts.map((part) => [part.part_number, part.size_bytes]));
  const total = () => [...sentByPart.values()].reduce((sum, bytes) => sum + bytes, 0);
  hooks.onSent(total());
  let storedBytes = total();
  hooks.onStored(storedBytes);
  const failure = new AbortController();
  const beside = stopBy(AbortSignal.any([stop.now, failure.signal]), stop.soon);
  const numbers = Array.from({ length: there.part_count }, (_, index) => index + 1);
  const send = async (number: number) => {
    if (stop.soon.aborted) return null;
    const onSent = (bytes: number) => {
      sentByPart.set(number, bytes);
      hooks.onSent(total());
    };
    const part = await readPart(clip, number, there.part_size_bytes);
    beside.now.throwIfAborted();
    const wasThere = stored.get(number);
    if (wasThere !== undefined && wasThere.sha256 !== part.sha256) throw new RequestError("other_clip", words().otherClip, 409); // it must be of the same clip
    const tookMs = wasThere === undefined ? await sendPart(video, part, { ...hooks, onSent }, beside) : null;
    if (tookMs !== null) hooks.onStored((storedBytes += part.bytes.size));
    return tookMs;
  };
  try {
    await inLanes(numbers, send);
  } catch (cause) {
    failure.abort(); // the first real trouble stops the parts beside it
    throw cause;
  }
  signal.throwIfAborted();
}

/** Sends one part, as often as it takes; the milliseconds of the attempt that worked, null where a pause ended it. */
async function sendPart(video: Video, part: Part, hooks: SendHooks, stop: Stop): Promise<number | null> {
  const signal = stop.either;
  try {
    return await persist({ ...hooks, signal, attempts: attemptsPerStep }, async () => {
      hooks.onSent(0);
      const path = { video_id: video.id };
      const body = { part_number: part.number, sha256: part.sha256 };
      // signed again for every attempt: the one before may have expired
      const signed = await answer(api.POST("/api/v1/videos/{video_id}/parts", { params: { path }, body, signal }));
      const beganMs = performance.now();
      await putUnlessStopped(part, signed, hooks, stop);
      hooks.onSent(part.bytes.size);
      return performance.now() - beganMs;
    });
  } catch (cause) {
    if (!isAbort(cause) || stop.now.aborted) throw cause;
    hooks.onSent(0);
    return null;
  }
}

/** What is more than half there when a pause is asked for may arrive; less is not worth the wait. */
async function putUnlessStopped(part: Part, signed: SignedRequest, hooks: SendHooks, stop: Stop): Promise<void> {
  const cut = new AbortController();
  let sentBytes = 0;
  const weigh = () => {
    if (sentBytes <= part.bytes.size / 2) cut.abort();
  };
  const onSent = (bytes: number) => {
    sentBytes = bytes;
    hooks.onSent(bytes);
  };
  if (stop.soon.aborted) weigh();
  stop.soon.addEventListener("abort", weigh);
  try {
    await putPart(part.bytes, signed, onSent, AbortSignal.any([stop.now, cut.signal]));
  } finally {
    stop.soon.removeEventListener("abort", weigh);
  }
}

async function completeVideo(clip: Clip, video: Video, hooks: SendHooks, stop: Stop): Promise<void> {
  const signal = stop.either;
  const path = { video_id: video.id };
  const complete = () => persist({ ...hooks, signal, attempts: attemptsPerStep }, () => answer(api.POST("/api/v1/videos/{video_id}/complete", { params: { path }, signal })));
  try {
    await complete();
  } catch (cause) {
    if (!(cause instanceof RequestError) || cause.code !== "upload_incomplete") throw cause;
    await sendParts(clip, video, hooks, stop);
    await complete();
  }
}

const typesByExtension: Record<string, ContentType> = {
  mp4: "video/mp4",
  m4v: "video/mp4",
  mov: "video/quicktime",
  webm: "video/webm",
  mkv: "video/x-matroska",
  "3gp": "video/3gpp",
};

/** The type to announce; null where the API takes no such file. Some systems hand over files without a type. */
export function contentTypeOf(file: File): ContentType | null {
  const accepted = Object.values(typesByExtension);
  const extension = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  return accepted.find((type) => type === file.type) ?? typesByExtension[extension] ?? null;
}
