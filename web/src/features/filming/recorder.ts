/** Films what the camera sees, second by second, into the browser's storage. */
import { limits } from "./limits.gen.ts";
import { writeTake, type Take, type Writer } from "./takes.ts";

/** The first that the browser writes. Every phone plays the first ones; the analysis reads all. */
const types = ["video/mp4;codecs=avc1.640028", "video/mp4;codecs=avc1.42E01F", "video/mp4", "video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];
const pieceMs = 1000;
/** Ten minutes of it are 450 MB: length and size end together. */
const bitsPerS = 6_000_000;
/** Why it ended before the climber ended it. */
export type Ending = "stopped" | "longest" | "largest" | "no-room" | "camera-lost";

export interface Recording {
  stop: () => void;
  /** What was filmed, and why it ended; the take is null where there is nothing. */
  done: Promise<{ take: Take | null; ending: Ending }>;
}

interface Options extends MediaRecorderOptions {
  /** Not every browser knows it. MP4 is written from one key frame to the next, and cut there: both every second. */
  videoKeyFrameIntervalDuration: number;
}

export interface Progress {
  elapsedS: number;
  sizeBytes: number;
}

export function recorderType(): string | null {
  return types.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/** Rejects where the browser refuses to keep or to film anything. */
export async function record(stream: MediaStream, user: string, name: (extension: string) => string, onProgress: (progress: Progress) => void): Promise<Recording> {
  const type = recorderType();
  const options: Options = { ...(type === null ? {} : { mimeType: type }), videoBitsPerSecond: bitsPerS, videoKeyFrameIntervalDuration: pieceMs };
  const recorder = new MediaRecorder(stream, options);
  const extension = recorder.mimeType.startsWith("video/mp4") || type?.startsWith("video/mp4") === true ? "mp4" : "webm";
  const writer = await writeTake(user, name(extension), `video/${extension}`);
  const done = follow(recorder, stream, writer, onProgress);
  recorder.start(pieceMs);
  return { stop: () => stop(recorder), done };
}

function stop(recorder: MediaRecorder): void {
  if (recorder.state !== "inactive") recorder.stop();
}

function follow(recorder: MediaRecorder, stream: MediaStream, writer: Writer, onProgress: (progress: Progress) => void): Promise<{ take: Take | null; ending: Ending }> {
  let ending: Ending = "stopped";
  let sizeBytes = 0;
  let isFull = false;
  let written = Promise.resolve();
  const beganMs = performance.now();
  const elapsedS = () => (performance.now() - beganMs) / 1000;
  const end = (why: Ending) => {
    if (recorder.state === "inactive") return;
    ending = why;
    recorder.stop();
  };
  const clock = setInterval(() => {
    onProgress({ elapsedS: elapsedS(), sizeBytes });
    if (elapsedS() >= limits.longestS - 1) end("longest");
    else if (sizeBytes >= limits.mostBytes - (3 * bitsPerS) / 8) end("largest");
  }, 250);
  for (const track of stream.getTracks()) track.addEventListener("ended", () => end("camera-lost"));
  recorder.addEventListener("dataavailable", ({ data }) => {
    if (data.size === 0) return;
    sizeBytes += data.size;
    const durationS = elapsedS();
    written = written
      .then(() => (isFull ? undefined : writer.add(data, durationS))) // nothing after a piece that is missing
      .catch(() => {
        isFull = true;
        end("no-room");
      });
  });
  return new Promise((resolve, reject) => {
    recorder.addEventListener("stop", () => {
      clearInterval(clock);
      written
        .then(() => writer.end())
        .then((take) => resolve({ take, ending }))
        .catch(reject);
    });
    recorder.addEventListener("error", () => end("camera-lost"));
  });
}
