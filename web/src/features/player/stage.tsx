import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import type { Choices } from "../../lib/api.ts";
import { useStore } from "../../lib/use-store.ts";
import { AnglesTable } from "./angles-table.tsx";
import { ClimberCard } from "./climber-card.tsx";
import { Controls, LayerSwitches } from "./controls.tsx";
import { CorrectionControls, CorrectionOnStage } from "./correcting.tsx";
import type { SendChoices } from "./correction-panel.tsx";
import { useCorrection, type Step } from "./correction.ts";
import type { Layers } from "./draw.ts";
import { PlayerKeys } from "./key-help.tsx";
import { Overlay } from "./overlay.tsx";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { Summary, type Figures } from "./summary.tsx";
import { Warnings } from "./warnings.tsx";

export interface Shown {
  /** null while it is on its way. */
  result: Result | null;
  figures: Figures;
  trouble: string | null;
  choices: Choices;
  /** Asks for the analysis anew; null where it cannot be asked for now. */
  onCorrect: SendChoices | null;
}

interface Props extends Shown {
  playback: Playback | null;
  picture: ComponentChildren;
}

/** Picture, skeleton, controls and facts of one climb. Nothing jumps when the result comes. */
export function Stage({ result, figures, trouble, choices, onCorrect, playback, picture }: Props) {
  const [layers, setLayers] = useState<Layers>({ skeleton: true, path: true, angles: false });
  const switchLayer = useCallback((layer: keyof Layers) => setLayers((now) => ({ ...now, [layer]: !now[layer] })), []);
  const correction = useCorrection();
  const stage = useRef<HTMLDivElement>(null);
  const beginCorrection = (step: Step) => {
    playback?.pause();
    correction.open(step);
    stage.current?.scrollIntoView({ block: "nearest" });
  };
  const { close } = correction;
  const canSend = onCorrect !== null;
  useEffect(() => {
    if (!canSend) close(); // an analysis began, here or in another tab
  }, [canSend, close]);
  const [width, height] = sizeOf(result, figures);
  const ready = result !== null && playback !== null ? { result, playback } : null;
  const correcting = ready !== null && onCorrect !== null && correction.step !== null ? { ...ready, correction, choices, onSend: onCorrect } : null;
  return (
    <div class={`player ${height > width ? "player-upright" : ""} ${correcting !== null ? "player-correcting" : ""}`} data-testid="player" aria-busy={ready === null}>
      <div class="stage-room">
        <div
          class="stage"
          ref={stage}
          style={{ "--ratio": `${width} / ${height}` }}
          onPointerUp={(event) => event.button === 0 && correcting === null && toggle(playback)}
          data-testid="stage"
        >
          {picture}
          {ready !== null && <Overlay {...ready} layers={layers} />}
          {ready === null && <p class="stage-words">{trouble ?? "Fetching the skeleton …"}</p>}
          {ready !== null && correcting === null && <Unseen {...ready} />}
          {correcting !== null && <CorrectionOnStage {...correcting} />}
          {ready !== null && trouble !== null && <p class="stage-words">{trouble}</p>}
        </div>
      </div>
      <div class="player-controls">
        <div class="controls" data-step={correcting === null ? undefined : correction.step?.at}>
          {correcting !== null ? <CorrectionControls {...correcting} /> : ready !== null && <Controls {...ready} />}
        </div>
        {correcting === null && <LayerSwitches layers={layers} onToggle={switchLayer} />}
      </div>
      {ready !== null && (
        <div class="player-side">
          <Warnings warnings={ready.result.facts.warnings} />
          <ClimberCard choices={choices} onOpen={beginCorrection} canSend={canSend} canPoint={picture !== null} />
          <AnglesTable {...ready} />
          <Summary result={ready.result} figures={figures} />
          <PlayerKeys {...ready} onToggle={switchLayer} />
        </div>
      )}
    </div>
  );
}

/** A tap on the picture; the keyboard has the button and the space bar. */
function toggle(playback: Playback | null): void {
  if (playback?.playing.get() === true) playback.pause();
  else playback?.play();
}

/** Known before the result is here, so that nothing jumps when it comes; else as phones film. */
function sizeOf(result: Result | null, figures: Figures): [number, number] {
  if (result !== null) return [result.facts.video.width_px, result.facts.video.height_px];
  const [width, height] = [figures["width_px"], figures["height_px"]];
  return typeof width === "number" && typeof height === "number" && width > 0 && height > 0 ? [width, height] : [9, 16];
}

function Unseen({ result, playback }: { result: Result; playback: Playback }) {
  const isSeen = result.person[useStore(playback.frame)] === 1;
  return isSeen ? null : <p class="stage-words">No climber seen here</p>;
}
