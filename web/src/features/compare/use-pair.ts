import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";

import { api } from "../../lib/api.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { useClip, type Clip } from "../player/clip.tsx";
import { useResult, type Loaded } from "../player/load.ts";
import type { ClipPlayback, Playback } from "../player/playback.ts";
import type { Result } from "../player/result.ts";
import { loadShared } from "../sharing/requests.ts";
import { useWhileCopied } from "../sharing/use-while-copied.ts";
import type { Compared, ComparedSide, Comparison, SideName } from "./comparison.ts";
import { followPair } from "./pair.ts";
import { trackOf, type Track } from "./track.ts";
import { words } from "./words.ts";

/** One of the two: its skeleton and its video, each on its way or here. */
export interface Side {
  analysisId: string;
  name: string;
  result: Loaded<Result>;
  again: () => void;
  clip: Clip;
}

/** Both climbs when everything that draws them is here. */
export interface Pair {
  results: Record<SideName, Result>;
  playbacks: Record<SideName, Playback>;
  track: Track;
  /** Both together; its frames are steps of the track. */
  playback: ClipPlayback;
}

export function useSide(comparison: Comparison, side: SideName): Side {
  const { analysis_id: analysisId, file_name: name } = comparison[side];
  const videoId = useVideoId(comparison[side]);
  const { result, again } = useResult(analysisId, comparison.finished_at);
  const clip = useClip(videoId, result.state === "ready" ? result.value : null, words().cameraLabel[side]);
  return { analysisId, name, result, again, clip };
}

/** What its video is asked for by; null: none is shown, or not yet. Of somebody else's, looking has a copy made. */
function useVideoId({ analysis_id: id, video_id: ownId, climber }: ComparedSide): string | null {
  const isOwn = climber === null;
  const { value, reload } = useLoaded(useCallback(async (signal: AbortSignal) => (isOwn ? null : loadShared(api, id, signal)), [isOwn, id]));
  useWhileCopied(value?.video === "under_way", reload);
  if (isOwn) return ownId;
  return value?.video === "shown" ? id : null;
}

/** `isBroken`: the comparison was made of other results than these. */
export function usePair(compared: Compared, first: Side, second: Side): { pair: Pair | null; isBroken: boolean } {
  const results = useBoth(first.result.state === "ready" ? first.result.value : null, second.result.state === "ready" ? second.result.value : null);
  const track = useMemo(() => (results === null ? null : readTrack(compared, results)), [compared, results]);
  const playbacks = useBoth(first.clip.playback, second.clip.playback);
  const [playback, setPlayback] = useState<ClipPlayback | null>(null);
  const step = useRef(0);
  useEffect(() => {
    if (results === null || track === null || playbacks === null) return undefined;
    const runners = { first: { playback: playbacks.first, reel: results.first }, second: { playback: playbacks.second, reel: results.second } };
    const following = followPair(runners, track);
    following.seek(step.current);
    setPlayback(following);
    return () => {
      step.current = following.position.get();
      following.close();
      setPlayback(null);
    };
  }, [results, track, playbacks]);
  const pair = results === null || track === null || playbacks === null || playback === null ? null : { results, playbacks, track, playback };
  return { pair, isBroken: results !== null && track === null };
}

function useBoth<T>(first: T | null, second: T | null): Record<SideName, T> | null {
  return useMemo(() => (first === null || second === null ? null : { first, second }), [first, second]);
}

function readTrack({ pieces }: Compared, { first, second }: Record<SideName, Result>): Track | null {
  try {
    return trackOf(pieces, first, second);
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}
