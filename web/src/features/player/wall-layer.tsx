import { useCallback, useEffect, useState } from "preact/hooks";

import { asRequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { drawWays } from "./draw-ways.ts";
import { useFittedCanvas } from "./fitted-canvas.ts";
import type { Loaded } from "./load.ts";
import type { Result } from "./result.ts";
import { useSource } from "./source.ts";
import type { View } from "./view.ts";
import type { WallPictureFacts, WallScale } from "./wall.ts";
import { words } from "./words.ts";

const brokenAfter = 3;

interface Props {
  analysisId: string;
  result: Result;
  view: View;
  hasWays: boolean;
}

/** The wall without the climber, over the video, and the ways of the climb across it. */
export function WallLayer({ analysisId, result, view, hasWays }: Props) {
  const { url, renew } = useWallPicture(analysisId, result);
  const draw = useCallback((canvas: HTMLCanvasElement) => drawWays(canvas, result, view), [result, view]);
  const ways = useFittedCanvas(draw);
  const { picture, scale } = result.facts.wall ?? {};
  return (
    <div class="wall">
      {url.state === "ready" && <img class="wall-picture" src={url.value} crossOrigin="anonymous" alt={words().wallAlt} onError={renew} data-testid="wall-picture" />}
      {url.state !== "ready" && <p class="stage-words">{(url.state === "failed" ? url.reason : url.trouble) ?? words().fetchingWall}</p>}
      <canvas class="overlay" ref={ways} hidden={!hasWays} aria-hidden="true" data-testid="ways" />
      {picture != null && scale?.unit === "m" && <Ruler picture={picture} scale={scale} />}
    </div>
  );
}

/** A meter on the wall, as long as it is there. */
function Ruler({ picture, scale }: { picture: WallPictureFacts; scale: WallScale }) {
  const [a, b, , d, e] = picture.wall_to_picture;
  const share = Math.sqrt(Math.abs(a * e - b * d)) / scale.unit_per_px / picture.width_px;
  return (
    <p class="wall-ruler" style={{ "--share": `${(100 * share).toFixed(2)}%` }} data-testid="ruler">
      1 m
    </p>
  );
}

/** Links expire: a picture that does not come is asked for anew, a few times. */
export function useWallPicture(analysisId: string, result: Result | null): { url: Loaded<string>; renew: () => void } {
  const [url, setUrl] = useState<Loaded<string>>({ state: "loading", trouble: null });
  const [round, setRound] = useState(0);
  const source = useSource();
  useEffect(() => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const onTrouble = (trouble: string | null) => setUrl({ state: "loading", trouble });
    persist({ signal, onTrouble }, () => source.wall(analysisId, signal))
      .then((picture) => setUrl({ state: "ready", value: picture.url }))
      .catch((cause: unknown) => {
        if (!signal.aborted) setUrl({ state: "failed", reason: asRequestError(cause).message });
      });
    return () => stopping.abort();
  }, [source, analysisId, result, round]); // another result comes with another picture
  const renew = () => {
    setUrl({ state: "loading", trouble: null }); // the next address may be the same: the picture must leave to be loaded again
    if (round + 1 < brokenAfter) setRound(round + 1);
    else setUrl({ state: "failed", reason: words().wallMissing });
  };
  return { url, renew };
}
