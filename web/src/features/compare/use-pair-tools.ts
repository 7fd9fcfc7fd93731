import { useEffect, useMemo, useState } from "preact/hooks";

import { createStore, type Store } from "../../lib/store.ts";
import { followLoop, startLoop, withRoom, type Stretch } from "../player/loop.ts";
import { climberAt, type LookKit } from "../player/use-tools.ts";
import { videoView, wallView, type View } from "../player/view.ts";
import { pannedBy, wholePicture, zoomedAt, type Zoom } from "../player/zoom.ts";
import { sideNames, type Compared, type SideName } from "./comparison.ts";
import type { Ground } from "./grounds.tsx";
import { sectionAt, sectionSteps } from "./track.ts";
import type { Pair } from "./use-pair.ts";

/** How near both are looked at, and which section is played again and again. */
export interface PairTools extends LookKit {
  /** Of each picture by itself: cameras stand elsewhere. Where both are in one picture, the first's counts. */
  zooms: Record<SideName, Store<Zoom>>;
  views: Record<SideName, View> | null;
}

export function usePairTools(pair: Pair | null, { sections }: Compared, ground: Ground): PairTools {
  const [isOpen, setOpen] = useState(false);
  const zooms = useMemo(() => ({ first: createStore(wholePicture), second: createStore(wholePicture) }), []);
  const stretch = useMemo(() => createStore<Stretch | null>(null), []);
  const [results, track, playback] = [pair?.results ?? null, pair?.track ?? null, pair?.playback ?? null];
  const views = useMemo(() => (results === null ? null : viewsOf(results, ground)), [results, ground]);
  useEffect(() => (playback === null ? undefined : followLoop(playback, stretch)), [playback, stretch]);
  useEffect(() => sideNames.forEach((name) => zooms[name].set(wholePicture)), [zooms, ground]); // another picture
  useEffect(() => stretch.set(null), [stretch, track]); // its steps may be others
  return {
    isOpen,
    toggle: () => setOpen((now) => !now),
    zooms,
    views,
    zoom: zooms.first,
    zoomBy: (factor) => {
      for (const name of sideNames) {
        const climber = climberAt({ result: results?.[name] ?? null, playback: pair?.playbacks[name] ?? null, view: views?.[name] ?? null }, zooms[name].get());
        zooms[name].set(zoomedAt(zooms[name].get(), factor, climber));
      }
    },
    panBy: (right, down) => sideNames.forEach((name) => zooms[name].set(pannedBy(zooms[name].get(), right, down))),
    showWhole: () => sideNames.forEach((name) => zooms[name].set(wholePicture)),
    stretch,
    loopPart: () => {
      if (stretch.get() !== null) stretch.set(null);
      else if (pair !== null) startLoop(pair.playback, stretch, stretchOfSection(pair, sections));
    },
  };
}

/** The section that is under way, else the first. */
function stretchOfSection({ track, playback }: Pair, sections: Compared["sections"]): Stretch | null {
  const steps = sectionSteps(track, sections)[Math.max(0, sectionAt(track, sections, playback.position.get()))];
  return steps === undefined ? null : withRoom(steps.start, steps.end + 1, track.frameCount);
}

function viewsOf(results: Pair["results"], ground: Ground): Record<SideName, View> {
  const picture = ground === "wall" ? (results.first.facts.wall?.picture ?? null) : null;
  return { first: picture === null ? videoView(results.first) : wallView(results.first, picture), second: videoView(results.second) };
}
