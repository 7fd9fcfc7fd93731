import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { Choices } from "../../lib/api.ts";
import { useStore } from "../../lib/use-store.ts";
import { AnglesTable } from "./angles-table.tsx";
import { ClimberCard } from "./climber-card.tsx";
import { Coach } from "./coach.tsx";
import { Controls, LayerSwitches } from "./controls.tsx";
import { CorrectionControls, CorrectionOnStage } from "./correcting.tsx";
import type { SendChoices } from "./correction-panel.tsx";
import { useCorrection, type Correction, type Step } from "./correction.ts";
import { usualLayers, type Layers } from "./draw.ts";
import { frameAt } from "./frames.ts";
import { HoldsLayer } from "./holds-layer.tsx";
import { loadsStateOf } from "./loads.ts";
import { LoadsTable } from "./loads-table.tsx";
import { PlayerKeys } from "./key-help.tsx";
import type { SwitchName } from "./keys.ts";
import { marksOf } from "./marks.ts";
import { Overlay } from "./overlay.tsx";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { Summary, type Figures } from "./summary.tsx";
import { ViewSwitch, wallObstacle, type Ground } from "./view-switch.tsx";
import { useSource } from "./source.ts";
import { Timeline } from "./timeline.tsx";
import { videoView, wallView, type View } from "./view.ts";
import { WallLayer } from "./wall-layer.tsx";
import { Warnings } from "./warnings.tsx";
import type { Workbench } from "./workbench.ts";
import { words } from "./words.ts";

export interface Shown {
  analysisId: string;
  /** null while it is on its way. */
  result: Result | null;
  figures: Figures;
  trouble: string | null;
  choices: Choices;
  /** Asks for the analysis anew; null where it cannot be asked for now. */
  onCorrect: SendChoices | null;
  /** null: nothing else is done here. */
  workbench: Workbench | null;
  /** What is said about moments: drawn below the picture, and marked on the timeline. */
  talk?: Talk | undefined;
}

export interface Talk {
  /** Moments of the clip, in seconds. */
  momentsS: readonly number[];
  panel: (tools: TalkTools) => ComponentChildren;
}

export interface TalkTools {
  /** The moment on screen. */
  nowS: () => number;
  onJump: (atS: number) => void;
}

interface Ready {
  result: Result;
  playback: Playback;
  view: View;
}

interface Props extends Shown {
  playback: Playback | null;
  picture: ComponentChildren;
}

/** Picture, skeleton, controls and facts of one climb. Nothing jumps when the result comes. */
export function Stage({ analysisId, result, figures, trouble, choices, onCorrect, workbench, talk, playback, picture }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const { layers, ground, setGround, onSwitch } = useSwitches(result, picture !== null);
  const view = useMemo(() => (result === null ? null : viewOf(result, ground)), [result, ground]);
  const ready = result !== null && playback !== null && view !== null ? { result, playback, view } : null;
  const correction = useCorrection();
  const jump = (frame: number) => {
    playback?.seek(frame);
    stage.current?.scrollIntoView({ block: "nearest" });
  };
  const begin = (step: Step) => {
    playback?.pause();
    setGround("video"); // boxes are in the frame
    correction.open(step, choices);
    const marked = step.at === "mark" ? marksOf(choices) : null;
    if (marked !== null && result !== null) jump(frameAt(result.timesS, marked.atS));
    else stage.current?.scrollIntoView({ block: "nearest" });
  };
  useClosing(correction, onCorrect === null);
  const correcting = ready !== null && onCorrect !== null && correction.step !== null ? { ...ready, correction, choices, onSend: onCorrect } : null;
  const bench = ready !== null && workbench !== null ? { ...ready, ground, setGround, onJump: jump } : null;
  const isWorking = bench !== null && workbench?.isOpen === true;
  const isBusy = correcting !== null || isWorking;
  const [width, height] = sizeOf(result, figures, ground);
  const hint = trouble ?? (ready === null ? words().fetching : null);
  return (
    <div class={`player ${height > width ? "player-upright" : ""} ${isBusy ? "player-correcting" : ""}`} data-testid="player" aria-busy={ready === null}>
      <div class="stage-room">
        <div class="stage" ref={stage} style={{ "--ratio": `${width} / ${height}` }} onPointerUp={(event) => event.button === 0 && !isBusy && toggle(playback)} data-testid="stage">
          {picture}
          {ready !== null && <Drawings {...ready} analysisId={analysisId} ground={ground} layers={layers} isWorking={isWorking} />}
          {ready !== null && !isBusy && <Unseen {...ready} />}
          {correcting !== null && <CorrectionOnStage {...correcting} />}
          {isWorking && workbench.onStage(bench)}
          {hint !== null && <p class="stage-words">{hint}</p>}
        </div>
      </div>
      <div class="player-controls">
        <div class="controls" data-step={isWorking ? "work" : correcting === null ? undefined : correction.step?.at}>
          {isWorking && workbench.panel(bench)}
          {correcting !== null ? <CorrectionControls {...correcting} /> : ready !== null && <Controls {...ready} />}
        </div>
        {!isBusy && (
          <>
            <ViewSwitch result={result} ground={ground} onChange={setGround} />
            <Timeline result={result} playback={playback} momentsS={talk?.momentsS ?? []} />
            <LayerSwitches layers={layers} onToggle={onSwitch} hasLoads={hasLoads(result, choices)} />
            {bench !== null && workbench?.card(bench)}
          </>
        )}
      </div>
      {ready !== null && !isBusy && <Said {...ready} talk={talk} analysisId={analysisId} onJump={jump} />}
      {ready !== null && (
        <Facts {...ready} figures={figures} onSwitch={onSwitch} onTellLean={onCorrect === null ? null : () => begin({ at: "lean" })}>
          <ClimberCard result={ready.result} choices={choices} onOpen={begin} canSend={onCorrect !== null} canPoint={picture !== null} />
        </Facts>
      )}
    </div>
  );
}

interface SaidProps extends Ready {
  talk: Talk | undefined;
  analysisId: string;
  onJump: (frame: number) => void;
}

/** What people say of the climb, then what we do. */
function Said({ talk, analysisId, onJump, ...ready }: SaidProps) {
  const { result, playback } = ready;
  const tools: TalkTools = {
    nowS: () => result.timesS[playback.position.get()] ?? 0,
    onJump: (atS) => onJump(frameAt(result.timesS, atS)),
  };
  return (
    <>
      {talk?.panel(tools)}
      <Coach {...ready} analysisId={analysisId} onJump={onJump} />
    </>
  );
}

interface DrawingsProps extends Ready {
  analysisId: string;
  ground: Ground;
  layers: Layers;
  /** Something else has the holds in hand. */
  isWorking: boolean;
}

/** What is drawn over the video. */
function Drawings({ analysisId, ground, layers, isWorking, ...ready }: DrawingsProps) {
  const isWall = ground === "wall";
  return (
    <>
      {isWall && <WallLayer {...ready} analysisId={analysisId} hasWays={layers.path} />}
      <Overlay {...ready} layers={layers} hasNumbers={!isWall} />
      {isWall && layers.contacts && !isWorking && <HoldsLayer {...ready} />}
    </>
  );
}

interface FactsProps extends Ready {
  figures: Figures;
  onSwitch: (name: SwitchName) => void;
  onTellLean: (() => void) | null;
  /** What the climber told. */
  children: ComponentChildren;
}

/** What is known beside the climb itself. */
function Facts({ result, playback, figures, onSwitch, onTellLean, children }: FactsProps) {
  return (
    <div class="player-side">
      <Warnings warnings={result.facts.warnings} />
      {children}
      <AnglesTable result={result} playback={playback} />
      {result.facts.climb != null && <LoadsTable climb={result.facts.climb} playback={playback} onTell={onTellLean} />}
      <Summary result={result} figures={figures} />
      <PlayerKeys result={result} playback={playback} onSwitch={onSwitch} />
    </div>
  );
}

/** What is drawn, and on what. A result without a wall is shown on the video. */
function useSwitches(result: Result | null, hasPicture: boolean) {
  const [layers, setLayers] = useState(usualLayers);
  const { isOwn } = useSource();
  const [wanted, setGround] = useState<Ground>(isOwn || hasPicture ? "video" : "wall"); // a guest without the video sees where it was
  const hasWall = result !== null && wallObstacle(result) === null;
  const ground = hasWall ? wanted : "video";
  const onSwitch = useCallback((name: SwitchName) => {
    if (name === "wall") setGround((now) => (now === "wall" ? "video" : "wall"));
    else setLayers((now) => ({ ...now, [name]: !now[name] }));
  }, []);
  return { layers, ground, setGround, onSwitch };
}

/** An analysis that began, here or in another tab, ends the questions before it. */
function useClosing({ close }: Correction, isBusy: boolean): void {
  useEffect(() => {
    if (isBusy) close();
  }, [isBusy, close]);
}

function viewOf(result: Result, ground: Ground): View {
  const picture = result.facts.wall?.picture ?? null;
  return ground === "wall" && picture !== null ? wallView(result, picture) : videoView(result);
}

/** Guessed from what was told until the result is there, so that no button comes late. */
function hasLoads(result: Result | null, choices: Choices): boolean {
  if (result === null) return choices.overhang_deg != null;
  return result.facts.climb != null && loadsStateOf(result.facts.climb) === "known";
}

/** A tap on the picture; the keyboard has the button and the space bar. */
function toggle(playback: Playback | null): void {
  if (playback?.playing.get() === true) playback.pause();
  else playback?.play();
}

/** Known before the result is here, so that nothing jumps when it comes; else as phones film. */
function sizeOf(result: Result | null, figures: Figures, ground: Ground): [number, number] {
  const picture = result?.facts.wall?.picture ?? null;
  if (ground === "wall" && picture !== null) return [picture.width_px, picture.height_px];
  if (result !== null) return [result.facts.video.width_px, result.facts.video.height_px];
  const [width, height] = [figures["width_px"], figures["height_px"]];
  return typeof width === "number" && typeof height === "number" && width > 0 && height > 0 ? [width, height] : [9, 16];
}

function Unseen({ result, playback, view }: Ready) {
  const frame = useStore(playback.frame);
  if (result.person[frame] !== 1) return <p class="stage-words">{words().unseen}</p>;
  return view.mapOf(frame) === null ? <p class="stage-words">{words().offWall}</p> : null;
}
