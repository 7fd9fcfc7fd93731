import { useMemo } from "preact/hooks";

import type { Store } from "../../lib/store.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Layers } from "./draw.ts";
import { HoldsLayer } from "./holds-layer.tsx";
import { Overlay } from "./overlay.tsx";
import type { Ready } from "./ready.ts";
import type { Ground } from "./view-switch.tsx";
import { zoomedView } from "./view.ts";
import { WallLayer } from "./wall-layer.tsx";
import { words } from "./words.ts";
import type { Zoom } from "./zoom.ts";

interface DrawingsProps extends Ready {
  analysisId: string;
  zoom: Store<Zoom>;
  ground: Ground;
  layers: Layers;
  /** Something else has the holds in hand. */
  isWorking: boolean;
}

/** What is drawn over the video: as sharp from near, because it is drawn there and not enlarged. */
export function Drawings({ analysisId, result, playback, view: whole, zoom: zoomStore, ground, layers, isWorking }: DrawingsProps) {
  const zoom = useStore(zoomStore);
  const view = useMemo(() => zoomedView(whole, zoom), [whole, zoom]);
  const isWall = ground === "wall";
  return (
    <>
      {isWall && <WallLayer analysisId={analysisId} result={result} view={view} hasWays={layers.path} />}
      <Overlay result={result} playback={playback} view={view} layers={layers} hasNumbers={!isWall} />
      {isWall && layers.contacts && !isWorking && <HoldsLayer result={result} view={view} />}
    </>
  );
}

export function Unseen({ result, playback, view }: Ready) {
  const frame = useStore(playback.frame);
  if (result.person[frame] !== 1) return <p class="stage-words stage-unseen">{words().unseen}</p>;
  return view.mapOf(frame) === null ? <p class="stage-words stage-unseen">{words().offWall}</p> : null;
}
