import type { ComponentChildren, RefObject } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";

import { Soon, useSoon } from "../../components/soon.tsx";
import type { Choices } from "../../lib/api.ts";
import { AnglesTable } from "./angles-table.tsx";
import { ClimberCard } from "./climber-card.tsx";
import { Coach } from "./coach.tsx";
import { Charts } from "./charts.tsx";
import { Controls, LayerSwitches } from "./controls.tsx";
import { CorrectionControls, CorrectionOnStage } from "./correcting.tsx";
import type { SendChoices } from "./correction-panel.tsx";
import { useCorrection, type Correction, type Step } from "./correction.ts";
import { usualLayers, type Layers } from "./draw.ts";
import { useDrawing } from "./drawing.tsx";
import { frameAt } from "./frames.ts";
import { loadsStateOf } from "./loads.ts";
import { LoadsTable } from "./loads-table.tsx";
import { PlayerKeys } from "./key-help.tsx";
import type { Keyed, SwitchName } from "./keys.ts";
import { marksOf } from "./marks.ts";
import { Drawings, Unseen } from "./picture.tsx";
import { togglePlaying, type ClipPlayback, type Playback } from "./playback.ts";
import type { Ready } from "./ready.ts";
import type { Result } from "./result.ts";
import { Summary, type Figures } from "./summary.tsx";
import { ViewSwitch, wallObstacle, type Ground } from "./view-switch.tsx";
import { SupportNote } from "./support-note.tsx";
import { Timeline } from "./timeline.tsx";
import { Tools } from "./tools.tsx";
import { useTools, type ToolKit } from "./use-tools.ts";
import { useZoom } from "./use-zoom.ts";
import { videoView, wallView, type View } from "./view.ts";
import { Warnings } from "./warnings.tsx";
import type { Workbench } from "./workbench.ts";
import { words } from "./words.ts";

export interface Shown {
  analysisId: string;
  /** What its files are called by. */
  name?: string | undefined;
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
  /** What a link is about: shown first. */
  beginAtS?: number | null;
}

export interface TalkTools {
  /** The moment on screen. */
  nowS: () => number;
  onJump: (atS: number) => void;
}

interface Props extends Shown {
  playback: ClipPlayback | null;
  picture: ComponentChildren;
}

/** Picture, skeleton, controls and facts of one climb. Nothing jumps when the result comes. */
export function Stage({ analysisId, name = words().climb, result, figures, trouble, choices, onCorrect, workbench, talk, playback, picture }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const { layers, ground, setGround, onSwitch } = useSwitches(result, picture !== null);
  const { view, ready } = useReady(result, playback, ground);
  const { isDrawn, isBelowDue } = useTurns(ready !== null);
  const tools = useTools(name, { result, playback, view });
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
  const drawing = useDrawing(tools, ready, { stage, layers, ground });
  const isBusy = correcting !== null || isWorking || drawing.isOpen;
  useZoom(stage, tools.zoom, { onTap: isBusy ? null : () => togglePlaying(playback) });
  const [width, height] = sizeOf(result, figures, ground);
  const at = isWorking ? "work" : drawing.isOpen ? "draw" : correcting === null ? undefined : correction.step?.at;
  return (
    <div class={`player ${height > width ? "player-upright" : ""} ${isBusy ? "player-correcting" : ""}`} data-testid="player" aria-busy={ready === null}>
      <div class="stage-room">
        <div class="stage" ref={stage} style={{ "--ratio": `${width} / ${height}` }} data-testid="stage">
          {picture}
          {ready !== null && <Drawings {...ready} analysisId={analysisId} zoom={tools.zoom} ground={ground} layers={layers} isWorking={isWorking} />}
          {ready !== null && !isBusy && <Unseen {...ready} />}
          <div class="stage-near">
            {correcting !== null && <CorrectionOnStage {...correcting} />}
            {isWorking && workbench.onStage(bench)}
            {drawing.onStage}
          </div>
          <Hint words={trouble ?? (ready === null ? words().fetching : null)} />
        </div>
      </div>
      <div class="player-controls">
        <div class="controls" ref={useInSight(isBusy)} data-step={at}>
          {isWorking && workbench.panel(bench)}
          {drawing.panel}
          {correcting !== null ? <CorrectionControls {...correcting} /> : ready !== null && isDrawn && !drawing.isOpen && <UsualControls {...ready} analysisId={analysisId} tools={tools} isBusy={isBusy} />}
        </div>
        {!isBusy && <Below result={isBelowDue ? result : null} playback={playback} ground={ground} setGround={setGround} tools={tools} layers={layers} onSwitch={onSwitch} talk={talk} choices={choices} card={bench === null ? null : () => workbench?.card(bench)} />}
      </div>
      {isBelowDue && ready !== null && <Said {...ready} isHidden={isBusy} talk={talk} analysisId={analysisId} onJump={jump} />}
      {isBelowDue && ready !== null && (
        <Facts {...ready} figures={figures} tools={tools} keep={drawing.isOpen ? "picture" : isBusy ? "frames" : undefined} onSwitch={onSwitch} onTellLean={onCorrect === null ? null : () => begin({ at: "lean" })}>
          <ClimberCard result={ready.result} choices={choices} onOpen={begin} canSend={onCorrect !== null} canPoint={picture !== null} />
        </Facts>
      )}
    </div>
  );
}

function Hint({ words: said }: { words: string | null }) {
  return said === null ? null : <p class="stage-words">{said}</p>;
}

interface UsualProps extends Ready {
  analysisId: string;
  tools: ToolKit;
  /** Something else has the picture in hand: frames are all that is needed. */
  isBusy: boolean;
}

function UsualControls({ analysisId, result, playback, tools, isBusy }: UsualProps) {
  return (
    <>
      {tools.isOpen && !isBusy && <Tools analysisId={analysisId} result={result} playback={playback} tools={tools} />}
      <Controls playback={playback} result={result} tools={isBusy ? null : tools} />
    </>
  );
}

interface BelowProps {
  result: Result | null;
  playback: Playback | null;
  ground: Ground;
  setGround: (ground: Ground) => void;
  tools: ToolKit;
  layers: Layers;
  onSwitch: (name: SwitchName) => void;
  talk: Talk | undefined;
  choices: Choices;
  /** What another feature has to say there. */
  card: (() => ComponentChildren) | null;
}

/** What stands below the picture while nobody works on it. */
function Below({ result, playback, ground, setGround, tools, layers, onSwitch, talk, choices, card }: BelowProps) {
  const isReady = result !== null && playback !== null;
  return (
    <>
      <ViewSwitch result={result} ground={ground} onChange={setGround} />
      <Timeline result={result} playback={playback} stretch={tools.stretch} momentsS={talk?.momentsS ?? []} />
      {isReady && tools.hasCharts && <Charts result={result} playback={playback} stretch={tools.stretch} />}
      <LayerSwitches layers={layers} onToggle={onSwitch} without={hasLoads(result, choices) ? [] : ["loads"]} />
      {isReady && layers.support && <SupportNote result={result} playback={playback} />}
      {card?.()}
    </>
  );
}

interface SaidProps extends Ready {
  isHidden: boolean;
  talk: Talk | undefined;
  analysisId: string;
  onJump: (frame: number) => void;
}

/** What people say of the climb, then what we do. */
function Said({ isHidden, talk, analysisId, onJump, ...ready }: SaidProps) {
  const { result, playback } = ready;
  const tools: TalkTools = {
    nowS: () => result.timesS[playback.position.get()] ?? 0,
    onJump: (atS) => onJump(frameAt(result.timesS, atS)),
  };
  return (
    <>
      <Soon>{!isHidden && talk?.panel(tools)}</Soon>
      <Soon>{!isHidden && <Coach {...ready} analysisId={analysisId} onJump={onJump} />}</Soon>
    </>
  );
}

interface FactsProps extends Ready {
  figures: Figures;
  tools: ToolKit;
  /** What keys leave alone. */
  keep: Keyed["keep"];
  onSwitch: (name: SwitchName) => void;
  onTellLean: (() => void) | null;
  /** What the climber told. */
  children: ComponentChildren;
}

/** What is known beside the climb itself. */
function Facts({ result, playback, figures, tools, keep, onSwitch, onTellLean, children }: FactsProps) {
  return (
    <div class="player-side">
      <Soon>
        <Warnings warnings={result.facts.warnings} />
        {children}
      </Soon>
      <Soon>
        <AnglesTable result={result} playback={playback} />
      </Soon>
      {result.facts.climb != null && (
        <Soon>
          <LoadsTable climb={result.facts.climb} playback={playback} onTell={onTellLean} />
        </Soon>
      )}
      <Soon>
        <Summary result={result} figures={figures} />
        <PlayerKeys result={result} playback={playback} onSwitch={onSwitch} tools={tools} keep={keep} />
      </Soon>
    </div>
  );
}

/** What is drawn, and on what. A result without a wall is shown on the video. */
function useSwitches(result: Result | null, hasPicture: boolean) {
  const [layers, setLayers] = useState(usualLayers);
  const [wanted, setGround] = useState<Ground | null>(null);
  const hasWall = result !== null && wallObstacle(result) === null;
  const ground = hasWall ? (wanted ?? (hasPicture ? "video" : "wall")) : "video"; // without the video the wall shows where it was
  const onSwitch = useCallback((name: SwitchName) => {
    if (name === "wall") setGround(ground === "wall" ? "video" : "wall");
    else setLayers((now) => ({ ...now, [name]: !now[name] }));
  }, [ground]);
  return { layers, ground, setGround, onSwitch };
}

function useReady(result: Result | null, playback: ClipPlayback | null, ground: Ground) {
  const view = useMemo(() => (result === null ? null : viewOf(result, ground)), [result, ground]);
  return { view, ready: result !== null && playback !== null && view !== null ? { result, playback, view } : null };
}

/** Once the skeleton is on screen: the controls, then all that stands below them. In one go they would hold a phone up. */
function useTurns(isReady: boolean): { isDrawn: boolean; isBelowDue: boolean } {
  const isDrawn = useSoon(isReady);
  return { isDrawn, isBelowDue: useSoon(isDrawn) };
}

/** The way to the questions may begin far down the page; on a phone they are always seen. */
function useInSight(isAsking: boolean): RefObject<HTMLDivElement> {
  const questions = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isAsking) questions.current?.scrollIntoView({ block: "nearest" });
  }, [isAsking]);
  return questions;
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

/** Known before the result is here, so that nothing jumps when it comes; else as phones film. */
function sizeOf(result: Result | null, figures: Figures, ground: Ground): [number, number] {
  const picture = result?.facts.wall?.picture ?? null;
  if (ground === "wall" && picture !== null) return [picture.width_px, picture.height_px];
  if (result !== null) return [result.facts.video.width_px, result.facts.video.height_px];
  const [width, height] = [figures["width_px"], figures["height_px"]];
  return typeof width === "number" && typeof height === "number" && width > 0 && height > 0 ? [width, height] : [9, 16];
}
