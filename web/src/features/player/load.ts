import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { answer, api } from "../../lib/api.ts";
import { asRequestError, type RequestError } from "../../lib/errors.ts";
import { ResultFormatError } from "./columns.ts";
import { readResult, type Result } from "./result.ts";

export const videoExpired = "The video has expired and was removed; its skeleton is kept.";

export type Loaded<T> = { state: "loading" } | { state: "ready"; value: T } | { state: "failed"; reason: string };

/** The result of an analysis, read and checked. */
export function useResult(analysisId: string): Loaded<Result> {
  const [loaded, setLoaded] = useState<Loaded<Result>>({ state: "loading" });
  useEffect(() => {
    const stopping = new AbortController();
    const params = { path: { analysis_id: analysisId } };
    answer(api.GET("/api/v1/analyses/{analysis_id}/result", { params, parseAs: "arrayBuffer", signal: stopping.signal }))
      .then((bytes) => setLoaded({ state: "ready", value: readResult(new Uint8Array(bytes)) }))
      .catch((cause: unknown) => {
        if (!stopping.signal.aborted) setLoaded({ state: "failed", reason: reasonOf(cause) });
      });
    return () => stopping.abort();
  }, [analysisId]);
  return loaded;
}

function reasonOf(cause: unknown): string {
  return cause instanceof ResultFormatError
    ? `This result cannot be read here (${cause.message}). Reload the page; a newer version may be out.`
    : asRequestError(cause).message;
}

/** The API speaks to uploaders here; a viewer wants to know what is left. */
function withoutVideo(error: RequestError): string {
  return error.code === "upload_expired" ? videoExpired : error.message;
}

/** An address to play the video from; addresses expire, `renew` asks for the next one. */
export function usePlaybackUrl(videoId: string): { url: Loaded<string>; renew: () => void } {
  const [url, setUrl] = useState<Loaded<string>>({ state: "loading" });
  const [round, setRound] = useState(0);
  const issuedAtMs = useRef(0);
  const lifetimeMs = useRef(0);

  useEffect(() => {
    const stopping = new AbortController();
    const params = { path: { video_id: videoId } };
    answer(api.GET("/api/v1/videos/{video_id}/playback", { params, signal: stopping.signal }))
      .then((playback) => {
        issuedAtMs.current = Date.now();
        lifetimeMs.current = playback.expires_in_s * 1000;
        setUrl({ state: "ready", value: playback.url });
      })
      .catch((cause: unknown) => {
        if (!stopping.signal.aborted) setUrl({ state: "failed", reason: withoutVideo(asRequestError(cause)) });
      });
    return () => stopping.abort();
  }, [videoId, round]);

  const renew = useCallback(() => {
    const hasExpired = Date.now() > issuedAtMs.current + lifetimeMs.current - 5_000;
    if (hasExpired) setRound((previous) => previous + 1);
    // a fresh address that does not play will not play the next time either
    else setUrl({ state: "failed", reason: "This browser cannot play the video; the skeleton is shown alone." });
  }, []);
  return { url, renew };
}
