import "./lifetime.css";

import { useEffect, useState } from "preact/hooks";

import { ArchiveIcon, SaveIcon } from "../../components/icons.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { formatClockTime, formatRemaining } from "../../lib/format.ts";
import { news } from "../../lib/live-news.ts";
import { showToast } from "../../lib/toast.ts";
import { useNow } from "../../lib/use-now.ts";
import { giveUpVideo, loadAnalysis, restoreVideo, saveVideo } from "./analyses.ts";
import type { Analysis } from "./state.ts";
import { words } from "./words.ts";

const tickMs = 30_000;
const restoringMs = 60_000;
const dueMs = 10_000;
/** What is beyond, browsers take for no time at all. */
const longestTimerMs = 2 ** 31 - 1;

/** Save, give up, or fetch from the archive. Nothing where there is no video. */
export function KeepButton({ analysis: { video }, onError }: { analysis: Analysis; onError: (reason: string | null) => void }) {
  const [isBusy, setBusy] = useState(false);
  if (video.state !== "uploaded") return null;
  const attempt = (action: Promise<void>) => {
    onError(null);
    setBusy(true);
    action.catch((cause: unknown) => onError(asRequestError(cause).message)).finally(() => setBusy(false));
  };
  if (video.archive?.state === "frozen") {
    return (
      <button type="button" class="button" aria-disabled={isBusy} onClick={() => isBusy || attempt(restoreVideo(video))} data-testid="restore">
        <ArchiveIcon /> {words().restore}
      </button>
    );
  }
  const isSaved = video.saved_at !== null;
  const { save, saved, saveOf } = words();
  return (
    <button
      type="button"
      class="button lifetime-save"
      aria-pressed={isSaved}
      aria-disabled={isBusy}
      aria-label={saveOf(video.file_name)}
      onClick={() => isBusy || attempt(isSaved ? giveUp(video) : keep(video))}
      data-testid="save"
    >
      <SaveIcon /> <span>{isSaved ? saved : save}</span>
    </button>
  );
}

type Video = Analysis["video"];

/** How long the video stays, or where it is. Nothing where there is no video. */
export function LifetimeWords({ analysis }: { analysis: Analysis }) {
  useWhatComesByItself(analysis);
  const { video } = analysis;
  const now = useNow(tickMs);
  const { expiresIn, expiresNow, archived, frozen, restoring, restored } = words();
  if (video.state !== "uploaded") return null;
  if (video.expires_at !== null) {
    const left = formatRemaining(video.expires_at, now);
    return <p data-testid="expires">{left === null ? expiresNow : expiresIn(left)}</p>;
  }
  const { archive } = video;
  switch (archive?.state) {
    case "archived":
      return <p class="lifetime-badge">{archived}</p>;
    case "frozen":
      return <p class="lifetime-badge">{frozen}</p>;
    case "restoring":
      return <p class="lifetime-badge">{restoring(archive.ready_by === null ? null : formatClockTime(archive.ready_by, now))}</p>;
    case "restored":
      return <p class="lifetime-badge">{restored(archive.restored_until === null ? null : formatClockTime(archive.restored_until, now))}</p>;
    default:
      return <Kept video={video} />;
  }
}

/** A saved video, and whether it still holds more than its pictures. */
function Kept({ video }: { video: Video }) {
  const { kept, cleaning, notCleaned } = words();
  if (video.cleaning === null) return <p>{kept}</p>;
  if (video.cleaning === "under_way") return <p data-testid="cleaning">{cleaning}</p>;
  return (
    <p data-testid="cleaning">{notCleaned}</p>
  );
}

/** To saving again belongs trying again what failed. */
export function CleanAgain({ video }: { video: Video }) {
  const { cleanAgain, cleanAgainOf } = words();
  if (video.cleaning !== "failed") return null;
  return (
    <button
      type="button"
      class="button"
      aria-label={cleanAgainOf(video.file_name)}
      onClick={() => void saveVideo(video).catch(tellWhy)}
      data-testid="clean-again"
    >
      {cleanAgain}
    </button>
  );
}

/** Asks for what no event tells: whether the video has come out of the archive, and whether it has expired. */
function useWhatComesByItself({ id, video }: Analysis): void {
  const isRestoring = video.archive?.state === "restoring";
  const isCleaning = video.cleaning === "under_way";
  const dueAtMs = video.expires_at === null ? null : Date.parse(video.expires_at);
  useEffect(() => {
    const everyMs = isRestoring ? restoringMs : dueMs;
    const firstMs = isRestoring ? restoringMs : isCleaning ? dueMs : dueAtMs === null ? Infinity : Math.max(0, dueAtMs - Date.now()) + 1000;
    if (firstMs > longestTimerMs) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const ask = () => {
      if (!document.hidden) void loadAnalysis(id).catch(() => undefined);
      timer = setTimeout(ask, everyMs);
    };
    timer = setTimeout(ask, firstMs);
    return () => clearTimeout(timer);
  }, [id, isRestoring, isCleaning, dueAtMs]);
  useEffect(() => {
    if (!isCleaning) return undefined;
    return news.subscribe(() => {
      const type = news.get()?.type ?? "";
      if (type.startsWith("copy.") && type !== "copy.progress") void loadAnalysis(id).catch(() => undefined);
    });
  }, [id, isCleaning]);
}

async function keep(video: Video): Promise<void> {
  await saveVideo(video);
  showToast(words().isSaved(video.file_name), () => void giveUpVideo(video).catch(tellWhy));
}

async function giveUp(video: Video): Promise<void> {
  await giveUpVideo(video);
  showToast(words().isGivenUp(video.file_name), () => void saveVideo(video).catch(tellWhy));
}

function tellWhy(cause: unknown): void {
  showToast(asRequestError(cause).message);
}
