import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useMemo, useRef } from "preact/hooks";

import { formatClock } from "../../lib/format.ts";
import type { Store } from "../../lib/store.ts";
import { useStore } from "../../lib/use-store.ts";
import { clear, drawBody, type Layers } from "../player/draw.ts";
import { drawHolds } from "../player/draw-contacts.ts";
import { drawCenterWay } from "../player/draw-ways.ts";
import { useFittedCanvas } from "../player/fitted-canvas.ts";
import { Overlay } from "../player/overlay.tsx";
import { togglePlaying } from "../player/playback.ts";
import { useZoom } from "../player/use-zoom.ts";
import { placeMap, zoomedView, type View } from "../player/view.ts";
import { applied } from "../player/wall.ts";
import { useWallPicture } from "../player/wall-layer.tsx";
import type { Zoom } from "../player/zoom.ts";
import { sideNames, type Compared, type SharedHold, type SideName } from "./comparison.ts";
import { overlaidView } from "./overlaid.ts";
import { palettes, sideColors } from "./palettes.ts";
import type { Pair, Side } from "./use-pair.ts";
import type { PairTools } from "./use-pair-tools.ts";
import type { Ground } from "./grounds.tsx";
import { words } from "./words.ts";

interface Props {
  sides: Record<SideName, Side>;
  pair: Pair | null;
  compared: Compared;
  ground: Ground;
  layers: Layers;
  tools: PairTools;
}

/** Both videos; in one picture the first's lies over the second's, which goes on below. */
export function Pictures({ sides, pair, compared, ground, layers, tools }: Props) {
  const isOne = ground !== "video";
  return (
    <div class="pair" data-ground={ground} data-testid="pair">
      {sideNames.map((name) => (
        <figure key={name} class="pair-side" style={{ "--ratio": ratioOf(pair, isOne ? "first" : name, ground) }} data-side={name}>
          <Stage name={name} pair={pair} zoom={tools.zooms[name]}>
            {sides[name].clip.picture}
            {pair !== null && !isOne && <OwnOverlay pair={pair} name={name} layers={layers} holds={compared.holds} tools={tools} />}
            {pair !== null && isOne && name === "first" && <Together pair={pair} sides={sides} compared={compared} ground={ground} layers={layers} tools={tools} />}
            <Hint side={sides[name]} pair={pair} />
          </Stage>
          <figcaption>
            <span class="pair-name">
              <span class="pair-badge" data-side={name}>
                {name === "first" ? 1 : 2}
              </span>
              {words().sides[name]}
            </span>
            {pair !== null && <Clock pair={pair} name={name} />}
          </figcaption>
        </figure>
      ))}
    </div>
  );
}

/** A tap plays or pauses both; the keyboard has the button and the space bar. */
function Stage({ name, pair, zoom, children }: { name: SideName; pair: Pair | null; zoom: Store<Zoom>; children: ComponentChildren }) {
  const stage = useRef<HTMLDivElement>(null);
  useZoom(stage, zoom, { onTap: () => togglePlaying(pair?.playback ?? null) });
  return (
    <div class="pair-stage" ref={stage} data-testid={`stage-${name}`}>
      {children}
    </div>
  );
}

/** The picture of a side, from as near as it is looked at. */
function useNearView({ zooms, views }: PairTools, name: SideName): View | null {
  const zoom = useStore(zooms[name]);
  const whole = views?.[name] ?? null;
  return useMemo(() => (whole === null ? null : zoomedView(whole, zoom)), [whole, zoom]);
}

function ratioOf(pair: Pair | null, name: SideName, ground: Ground): string {
  if (pair === null) return "9 / 16"; // as phones film
  const { video, wall } = pair.results[name].facts;
  const picture = ground === "wall" ? wall?.picture : null;
  return picture == null ? `${video.width_px} / ${video.height_px}` : `${picture.width_px} / ${picture.height_px}`;
}

function Hint({ side, pair }: { side: Side; pair: Pair | null }) {
  const { result, clip } = side;
  const why = (result.state === "loading" ? result.trouble : null) ?? clip.trouble ?? (pair === null && result.state !== "failed" ? words().fetching : null);
  return why === null ? null : <p class="stage-words">{why}</p>;
}

/** Where the clip is, and that it waits. */
function Clock({ pair: { playback, track, results }, name }: { pair: Pair; name: SideName }) {
  const step = useStore(playback.position);
  const isWaiting = track.kinds[step] === (name === "first" ? "second_only" : "first_only");
  return (
    <span class="pair-clock" data-testid={`time-${name}`}>
      {isWaiting && <span class="pair-waits">{words().waits}</span>}
      {formatClock(results[name].timesS[track.frames[name][step] ?? 0] ?? 0)}
    </span>
  );
}

/** The skeleton on its own video, holds numbered as both share them. */
function OwnOverlay({ pair, name, layers, holds, tools }: { pair: Pair; name: SideName; layers: Layers; holds: readonly SharedHold[]; tools: PairTools }) {
  const result = pair.results[name];
  const view = useNearView(tools, name);
  const numbers = useMemo(() => numbersOf(holds, name), [holds, name]);
  return view && <Overlay result={result} playback={pair.playbacks[name]} layers={layers} view={view} hasNumbers shared={numbers} />;
}

/** From a hold's id in one result to its number among those of both. */
function numbersOf(holds: readonly SharedHold[], name: SideName): ReadonlyMap<number, number> {
  return new Map(holds.flatMap((hold) => {
    const id = name === "first" ? hold.first_id : hold.second_id;
    return id === null ? [] : [[id, hold.number] as const];
  }));
}

interface TogetherProps {
  pair: Pair;
  sides: Record<SideName, Side>;
  compared: Compared;
  ground: Ground;
  layers: Layers;
  tools: PairTools;
}

/** Both bodies in one picture: the first's video, or the first's wall with the ways of both. */
function Together({ pair, sides, compared, ground, layers, tools }: TogetherProps) {
  const isWall = ground === "wall" && pair.results.first.facts.wall?.picture != null;
  const view = useNearView(tools, "first");
  if (view === null) return null;
  return (
    <>
      {isWall && <Wall pair={pair} analysisId={sides.first.analysisId} compared={compared} view={view} layers={layers} />}
      <Bodies pair={pair} compared={compared} view={view} layers={layers} />
      {isWall && layers.contacts && <Holds pair={pair} compared={compared} view={view} />}
      <OffWall pair={pair} compared={compared} view={view} />
    </>
  );
}

function Bodies({ pair, compared, view, layers }: { pair: Pair; compared: Compared; view: View; layers: Layers }) {
  const { results, playbacks } = pair;
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const context = canvas.getContext("2d");
      if (context === null) return;
      clear(context);
      const [first, second] = [playbacks.first.frame.get(), playbacks.second.frame.get()];
      drawBody(canvas, results.second, second, layers, overlaidView(view, first, results.second, compared.wall.second_to_first), palettes.second);
      drawBody(canvas, results.first, first, layers, view, palettes.first);
      canvas.dataset["frames"] = `${first} ${second}`;
    },
    [results, playbacks, compared, view, layers],
  );
  const ref = useFittedCanvas(draw);
  useEffect(() => {
    const again = () => {
      if (ref.current !== null) draw(ref.current);
    };
    const stops = sideNames.map((name) => playbacks[name].frame.subscribe(again));
    return () => stops.forEach((stop) => stop());
  }, [playbacks, draw, ref]);
  return <canvas class="overlay" ref={ref} aria-hidden="true" data-testid="bodies" />;
}

/** The wall without the climbers, and the way of each center of mass across it. */
function Wall({ pair, analysisId, compared, view, layers }: { pair: Pair; analysisId: string; compared: Compared; view: View; layers: Layers }) {
  const { first, second } = pair.results;
  const { url, renew } = useWallPicture(analysisId, first);
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      const context = canvas.getContext("2d");
      if (context === null) return;
      clear(context);
      drawCenterWay(context, first, view, sideColors.first);
      drawCenterWay(context, second, overlaidView(view, 0, second, compared.wall.second_to_first), sideColors.second);
    },
    [first, second, view, compared],
  );
  const ways = useFittedCanvas(draw);
  return (
    <div class="wall">
      {url.state === "ready" && <img class="wall-picture" src={url.value} crossOrigin="anonymous" alt="" onError={renew} data-testid="wall-picture" />}
      {url.state === "failed" && <p class="stage-words">{url.reason}</p>}
      <canvas class="overlay" ref={ways} hidden={!layers.path} aria-hidden="true" data-testid="ways" />
    </div>
  );
}

/** The holds of both in the order of use; those of one alone in its color. */
function Holds({ pair, compared, view }: { pair: Pair; compared: Compared; view: View }) {
  const { first } = pair.results;
  const holds = useMemo(() => {
    const toPicture = placeMap(first, view, 0);
    if (toPicture === null) return [];
    return compared.holds.map(({ number, x, y, confidence, first_id, second_id }) => ({ number, at: applied(toPicture, x, y), confidence, ...colorOf(first_id, second_id) }));
  }, [first, view, compared]);
  const draw = useCallback(
    (canvas: HTMLCanvasElement) => {
      canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
      drawHolds(canvas, holds, view);
    },
    [holds, view],
  );
  const ref = useFittedCanvas(draw);
  return <canvas class="overlay" ref={ref} role="img" aria-label={words().holdsLabel(holds.length)} data-testid="holds" />;
}

function colorOf(firstId: number | null, secondId: number | null): { color?: string } {
  if (firstId === null) return { color: sideColors.second };
  return secondId === null ? { color: sideColors.first } : {};
}

function OffWall({ pair, compared, view }: { pair: Pair; compared: Compared; view: View }) {
  const first = useStore(pair.playbacks.first.frame);
  const second = useStore(pair.playbacks.second.frame);
  const isOn = view.mapOf(first) !== null && overlaidView(view, first, pair.results.second, compared.wall.second_to_first).mapOf(second) !== null;
  return isOn ? null : <p class="stage-words">{words().offWall}</p>;
}
