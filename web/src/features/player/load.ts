import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { wait } from "../../lib/backoff.ts";
import { asRequestError, isAbort, RequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { ResultFormatError } from "./columns.ts";
import { readResult, type Result } from "./result.ts";
import { useSource, type Source } from "./source.ts";
import { words } from "./words.ts";

const attempts = 4;
const unplayableAfter = 3;

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
      .then((bytes) => setResult({ state: "ready", value: readResult(bytes) }))
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

/** An address to play the video from; addresses expire and connections break, `renew` asks for the next one. null: there is none to be seen. */
export function usePlaybackUrl(videoId: string | null): { url: Loaded<string>; renew: () => void; played: () => void; again: () => void } {
  const source = useSource();
  const [url, setUrl] = useState<Loaded<string>>(() => (videoId === null ? { state: "failed", reason: source.withoutVideo() } : { state: "loading", trouble: null }));
  const [round, setRound] = useState(0);
  const failures = useRef(0);

  useEffect(() => {
    if (videoId === null) {
      setUrl({ state: "failed", reason: source.withoutVideo() });
      return undefined;
    }
    const stopping = new AbortController();
    const { signal } = stopping;
    const ask = async () => {
      if (failures.current > 1) await wait(failures.current - 1, signal); // the first time it may just have expired
      const onTrouble = (trouble: string | null) => setUrl({ state: "loading", trouble });
      return persist({ signal, onTrouble }, () => source.playback(videoId, signal));
    };
    ask()
      .then((playback) => setUrl({ state: "ready", value: playback.url }))
      .catch((cause: unknown) => {
        if (!signal.aborted) setUrl({ state: "failed", reason: withoutVideo(asRequestError(cause)) });
      });
    return () => stopping.abort();
  }, [source, videoId, round]);

  const renew = useCallback(() => {
    failures.current += 1;
    if (failures.current < unplayableAfter) setRound((previous) => previous + 1);
    else setUrl({ state: "failed", reason: words().videoUnplayable });
  }, []);
  const played = useCallback(() => {
    failures.current = 0;
  }, []);
  const again = useCallback(() => {
    failures.current = 0;
    setUrl({ state: "loading", trouble: null });
    setRound((previous) => previous + 1);
  }, []);
  return { url, renew, played, again };
}
