import { useEffect, useMemo, useState } from "preact/hooks";

import { createStore, type Store } from "../../lib/store.ts";
import { followLoop, startLoop, stretchOfMove, type Stretch } from "./loop.ts";
import type { ClipPlayback, Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import type { View } from "./view.ts";
import { applied, type Point } from "./wall.ts";
import { pannedBy, wholePicture, zoomedAt, type Zoom } from "./zoom.ts";

/** How near the picture is, and what is played again and again: of one clip, or of two together. */
export interface LookKit {
  isOpen: boolean;
  toggle: () => void;
  zoom: Store<Zoom>;
  zoomBy: (factor: number) => void;
  panBy: (right: number, down: number) => void;
  showWhole: () => void;
  stretch: Store<Stretch | null>;
  /** Plays the move or section that is on screen again and again, or goes on as before. */
  loopPart: () => void;
}

/** What is not needed all the time. */
export interface ToolKit extends LookKit {
  /** The climb's, for files. */
  name: string;
  hasCharts: boolean;
  toggleCharts: () => void;
  /** The frame that somebody draws on, or drew on last. */
  drawing: { frame: number; isOpen: boolean } | null;
  draw: () => void;
  endDrawing: () => void;
}

interface Shown {
  result: Result | null;
  playback: Playback | null;
  view: View | null;
}

export function useTools(name: string, { result, playback, view }: Shown & { playback: ClipPlayback | null }): ToolKit {
  const [isOpen, setOpen] = useState(false);
  const [hasCharts, setCharts] = useState(false);
  const [drawing, setDrawing] = useState<ToolKit["drawing"]>(null);
  const zoom = useMemo(() => createStore(wholePicture), []);
  const stretch = useMemo(() => createStore<Stretch | null>(null), []);
  useEffect(() => (playback === null ? undefined : followLoop(playback, stretch)), [playback, stretch]);
  useEffect(() => zoom.set(wholePicture), [zoom, view]); // another picture
  useEffect(() => stretch.set(null), [stretch, result]); // its frames may be others
  return {
    name,
    isOpen,
    toggle: () => setOpen((now) => !now),
    hasCharts,
    toggleCharts: () => setCharts((now) => !now),
    drawing,
    draw: () => {
      const frame = playback?.position.get() ?? 0;
      playback?.seek(frame); // exactly this picture
      setDrawing({ frame, isOpen: true });
    },
    endDrawing: () => setDrawing((last) => (last === null ? null : { ...last, isOpen: false })),
    zoom,
    zoomBy: (factor) => zoom.set(zoomedAt(zoom.get(), factor, climberAt({ result, playback, view }, zoom.get()))),
    panBy: (right, down) => zoom.set(pannedBy(zoom.get(), right, down)),
    showWhole: () => zoom.set(wholePicture),
    stretch,
    loopPart: () => {
      const climb = result?.facts.climb;
      if (stretch.get() !== null) stretch.set(null);
      else if (climb != null && playback !== null && result !== null) startLoop(playback, stretch, stretchOfMove(climb, playback.position.get(), result.frameCount));
    },
  };
}

/** Where the climber is in the picture's room, in shares of it; its middle where nobody is seen. */
export function climberAt({ result, playback, view }: Shown, { scale, x, y }: Zoom): Point {
  const frame = playback?.frame.get() ?? 0;
  const map = view?.mapOf(frame) ?? null;
  if (result === null || view === null || map === null || result.person[frame] !== 1) return [0.5, 0.5];
  const [right, down] = applied(map, result.centerOfMassPx[frame * 2] ?? 0, result.centerOfMassPx[frame * 2 + 1] ?? 0);
  return [x + (scale * right) / view.widthPx, y + (scale * down) / view.heightPx];
}
