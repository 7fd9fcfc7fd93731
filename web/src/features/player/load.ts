import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { wait } from "../../lib/backoff.ts";
import { asRequestError, isAbort, RequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { turn } from "../../lib/turn.ts";
import { ResultFormatError } from "./columns.ts";
import { isReachable, previewUrl } from "./preview.ts";
import { readResult, type Result } from "./result.ts";
import { useSource, type Source } from "./source.ts";
import { words } from "./words.ts";

const attempts = 4;
const unplayableAfter = 3;
/** Storage stumbles: once it may have been there a moment later. */
const unknownAfter = 2;

export type Loaded<T> =
  /** `trouble`: why it takes longer than a moment. */
  { state: "loading"; trouble: string | null } | { state: "ready"; value: T } | { state: "failed"; reason: string };

/**
 * The result of an analysis, read and checked; `again` asks anew. Another `revision` is fetched while the one before
 * stays on screen; so is the original, from before corrections.
 */
export function useResult(analysisId: string, revision: string | null, isOriginal = false): { result: Loaded<Result>; again: () => void } {
  const [result, setResult] = useState<Loaded<Result>>({ state: "loading", trouble: null });
  const [round, setRound] = useState(0);
  const source = useSource();
  useEffect(() => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const onTrouble = (trouble: string | null) => setResult((shown) => (shown.state === "ready" ? shown : { state: "loading", trouble }));
    persist({ signal, onTrouble, attempts }, () => fetchResult(() => source.result(analysisId, isOriginal, signal)))
      .then(readResult)
      .then(async (value) => {
        await turn(); // reading and drawing in one go would hold a phone up
        if (!signal.aborted) setResult({ state: "ready", value });
      })
      .catch((cause: unknown) => {
        if (!signal.aborted) setResult({ state: "failed", reason: reasonOf(cause) });
      });
    return () => stopping.abort();
  }, [source, analysisId, revision, isOriginal, round]);
  const again = useCallback(() => {
    setResult({ state: "loading", trouble: null });
    setRound((previous) => previous + 1);
  }, []);
  return { result, again };
}

async function fetchResult(ask: () => ReturnType<Source["result"]>): Promise<Uint8Array> {
  const stream = await ask();
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    if (isAbort(cause)) throw cause;
    // the browser unpacks while it reads, and calls both a cut and damaged bytes a TypeError
    throw new RequestError("result_broken", words().resultBroken);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof ResultFormatError
    ? words().resultUnreadable(cause.message)
    : asRequestError(cause).message;
}

/** The API speaks to uploaders here; a viewer wants to know what is left. */
function withoutVideo(error: RequestError): string {
  const { videoExpired, videoArchived, videoRestoring } = words();
  const known: Readonly<Record<string, string>> = { upload_expired: videoExpired, video_archived: videoArchived, video_restoring: videoRestoring };
  return known[error.code] ?? error.message;
}

/** `preparing`: this browser cannot play the clip as it was filmed; a copy that it can play is being made. */
export type Playable = Loaded<string> | { state: "preparing"; reason: string; percent: number };

interface Played {
  url: Playable;
  /** The address is that of a small copy, because this browser does not know the clip's form. */
  isSmall: () => boolean;
  /** It did not play; `isSoundAlone`: it does, without a picture. */
  renew: (isSoundAlone: boolean) => void;
  played: () => void;
  again: () => void;
}

/** How often the video did not play; how often of these it was there, and its form unknown here. */
interface Failures {
  count: number;
  unknownForm: number;
}

/**
 * An address to play the video from; addresses expire and connections break, `renew` asks for the next one.
 * `videoId` null: there is none to be seen.
 */
export function usePlaybackUrl(videoId: string | null): Played {
  const source = useSource();
  const [url, setUrl] = useState<Playable>(() => (videoId === null ? { state: "failed", reason: source.withoutVideo() } : { state: "loading", trouble: null }));
  const [round, setRound] = useState(0);
  const failures = useRef<Failures>({ count: 0, unknownForm: 0 });
  const isPreview = useRef(false);

  useEffect(() => {
    if (videoId === null) {
      setUrl({ state: "failed", reason: source.withoutVideo() });
      return undefined;
    }
    const stopping = new AbortController();
    const { signal } = stopping;
    const onTrouble = (trouble: string | null) => setUrl({ state: "loading", trouble });
    const onProgress = (percent: number) => setUrl({ state: "preparing", reason: words().preparing(percent), percent });
    const ask = async () => {
      const { count } = failures.current;
      if (count > 1 && !isPreview.current) await wait(count - 1, signal); // the first time it may just have expired
      if (isPreview.current && source.preview !== null) return previewUrl(source.preview, videoId, { signal, onTrouble, onProgress });
      return (await persist({ signal, onTrouble }, () => source.playback(videoId, signal))).url;
    };
    ask()
      .then((value) => setUrl({ state: "ready", value }))
      .catch((cause: unknown) => {
        if (!signal.aborted) setUrl({ state: "failed", reason: withoutVideo(asRequestError(cause)) });
      });
    return () => stopping.abort();
  }, [source, videoId, round]);

  const broken = url.state === "ready" ? url.value : null;
  const renew = useCallback(
    (isSoundAlone: boolean) => {
      void failAgain(failures.current, broken, isSoundAlone).then((isUnknownForm) => {
        if (isUnknownForm && !isPreview.current && source.preview !== null) {
          isPreview.current = true;
          failures.current = { count: 0, unknownForm: 0 };
        }
        if (failures.current.count < unplayableAfter) setRound((previous) => previous + 1);
        else setUrl({ state: "failed", reason: words().videoUnplayable });
      });
    },
    [source, broken],
  );
  const played = useCallback(() => {
    failures.current = { count: 0, unknownForm: 0 };
  }, []);
  const again = useCallback(() => {
    failures.current = { count: 0, unknownForm: 0 };
    setUrl({ state: "loading", trouble: null });
    setRound((previous) => previous + 1);
  }, []);
  return { url, isSmall: () => isPreview.current, renew, played, again };
}

/** Counts one more; true when it is certain that this browser does not know the form. */
async function failAgain(failures: Failures, url: string | null, isSoundAlone: boolean): Promise<boolean> {
  failures.count += 1;
  if (isSoundAlone) return true;
  if (url !== null && (await isReachable(url))) failures.unknownForm += 1;
  return failures.unknownForm >= unknownAfter;
}
