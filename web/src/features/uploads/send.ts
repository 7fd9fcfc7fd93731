import type { components } from "../../client.gen.ts";
import { answer, api, type Analysis } from "../../lib/api.ts";
import { RequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { putPart, readPart, type Clip } from "./parts.ts";
import { newRecord, type UploadRecord } from "./records.ts";
import { words } from "./words.ts";

type Video = components["schemas"]["VideoRead"];
type ContentType = components["schemas"]["VideoCreate"]["content_type"];

const parallelParts = 3;
/** With the back-off between them: about an hour of trouble. Hours without any network do not count. */
export const attemptsPerStep = 200;

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
export async function sendVideo(clip: Clip | null, record: UploadRecord, hooks: SendHooks, signal: AbortSignal): Promise<Analysis> {
  try {
    return await sendOnce(clip, record, hooks, signal);
  } catch (cause) {
    if (!(cause instanceof RequestError) || cause.code !== "upload_expired" || clip === null) throw cause;
    return sendOnce(clip, newRecord(record.fileName, record.sizeBytes, record.fingerprint), hooks, signal); // from the beginning
  }
}

async function sendOnce(clip: Clip | null, record: UploadRecord, hooks: SendHooks, signal: AbortSignal): Promise<Analysis> {
  const [video, current] = await openVideo(clip, record, hooks, signal);
  if (video.state === "uploading") {
    const known = requireClip(clip);
    await sendParts(known, video, hooks, signal);
    hooks.onFinishing();
    await completeVideo(known, video, hooks, signal);
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

/** Sends every part that is not there yet, a few side by side. */
async function sendParts(clip: Clip, video: Video, hooks: SendHooks, signal: AbortSignal): Promise<void> {
  const path = { video_id: video.id };
  const there = await persist({ ...hooks, signal, attempts: attemptsPerStep }, () => answer(api.GET("/api/v1/videos/{video_id}/parts", { params: { path }, signal })));
  const stored = new Map(there.parts.map((part) => [part.part_number, part]));
  const sentByPart = new Map(there.parts.map((part) => [part.part_number, part.size_bytes]));
  const total = () => [...sentByPart.values()].reduce((sum, bytes) => sum + bytes, 0);
  const report = (number: number, bytes: number) => {
    sentByPart.set(number, bytes);
    hooks.onSent(total());
  };
  hooks.onSent(total());
  let storedBytes = total();
  hooks.onStored(storedBytes);
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const waiting = Array.from({ length: there.part_count }, (_, index) => index + 1);
  const work = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      const wasThere = stored.get(number);
      const bytes = await sendPart(clip, { video, number, partSizeBytes: there.part_size_bytes }, wasThere?.sha256, report, hooks, either);
      if (wasThere === undefined) hooks.onStored((storedBytes += bytes));
    }
  };
  try {
    await Promise.all(Array.from({ length: parallelParts }, work));
  } catch (cause) {
    failure.abort(); // the first real trouble stops the parts beside it
    throw cause;
  }
}

interface Place {
  video: Video;
  number: number;
  partSizeBytes: number;
}

/** Sends one part unless it is there; its size. A part that is there is compared: it must be of the same clip. */
async function sendPart(
  clip: Clip,
  { video, number, partSizeBytes }: Place,
  storedChecksum: string | undefined,
  report: (number: number, bytes: number) => void,
  hooks: SendHooks,
  signal: AbortSignal,
): Promise<number> {
  const part = await readPart(clip, number, partSizeBytes);
  signal.throwIfAborted();
  if (storedChecksum !== undefined && storedChecksum !== part.sha256) throw new RequestError("other_clip", words().otherClip, 409);
  if (storedChecksum === undefined) {
    await persist({ ...hooks, signal, attempts: attemptsPerStep }, async () => {
      report(number, 0);
      const path = { video_id: video.id };
      const body = { part_number: number, sha256: part.sha256 };
      // signed again for every attempt: the one before may have expired
      const signed = await answer(api.POST("/api/v1/videos/{video_id}/parts", { params: { path }, body, signal }));
      await putPart(part.bytes, signed, (bytes) => report(number, bytes), signal);
    });
    report(number, part.bytes.size);
  }
  return part.bytes.size;
}

async function completeVideo(clip: Clip, video: Video, hooks: SendHooks, signal: AbortSignal): Promise<void> {
  const path = { video_id: video.id };
  const complete = () => persist({ ...hooks, signal, attempts: attemptsPerStep }, () => answer(api.POST("/api/v1/videos/{video_id}/complete", { params: { path }, signal })));
  try {
    await complete();
  } catch (cause) {
    if (!(cause instanceof RequestError) || cause.code !== "upload_incomplete") throw cause;
    await sendParts(clip, video, hooks, signal);
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
