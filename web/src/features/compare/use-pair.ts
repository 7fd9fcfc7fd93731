import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { useClip, type Clip } from "../player/clip.tsx";
import { useResult, type Loaded } from "../player/load.ts";
import type { Playback } from "../player/playback.ts";
import type { Result } from "../player/result.ts";
import type { Compared, Comparison, SideName } from "./comparison.ts";
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
  playback: Playback;
}

export function useSide(comparison: Comparison, side: SideName): Side {
  const { analysis_id: analysisId, video_id: videoId, file_name: name } = comparison[side];
  const { result, again } = useResult(analysisId, comparison.finished_at);
  const clip = useClip(videoId, result.state === "ready" ? result.value : null, words().cameraLabel[side]);
  return { analysisId, name, result, again, clip };
}

/** `isBroken`: the comparison was made of other results than these. */
export function usePair(compared: Compared, first: Side, second: Side): { pair: Pair | null; isBroken: boolean } {
  const results = useBoth(first.result.state === "ready" ? first.result.value : null, second.result.state === "ready" ? second.result.value : null);
  const track = useMemo(() => (results === null ? null : readTrack(compared, results)), [compared, results]);
  const playbacks = useBoth(first.clip.playback, second.clip.playback);
  const [playback, setPlayback] = useState<Playback | null>(null);
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
