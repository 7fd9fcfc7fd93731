import "./controls.css";

import type { ComponentChildren } from "preact";

import { PauseIcon, PlayIcon, StepBackIcon, StepForwardIcon } from "../../components/icons.tsx";
import { formatClock } from "../../lib/format.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Layers } from "./draw.ts";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { ToolsButton } from "./tools-button.tsx";
import type { ToolKit } from "./use-tools.ts";
import { words } from "./words.ts";

/** As wide as a digit: the number keeps its width. */
const figureSpace = "\u2007";

const speedWords: Record<number, string> = { 0.25: "¼", 0.5: "½" };

export const speeds = [0.1, 0.25, 0.5, 1, 2] as const;

/** `tools`: what stands behind its button; null: nothing is at hand now. */
export function Controls({ playback, result, tools = null }: { playback: Playback; result: Result; tools?: ToolKit | null }) {
  const frame = useStore(playback.position);
  return (
    <>
      <ScrubBar playback={playback} result={result} />
      <div class="controls-row">
        <p class="controls-words">
          <span data-testid="time">{formatClock(result.timesS[frame] ?? 0)}</span>
          <span data-testid="frame-number">
            <span class="visually-hidden">{words().frame} </span>
            {`${frame + 1} / ${result.frameCount}`.padEnd(2 * String(result.frameCount).length + 3, figureSpace)}
          </span>
        </p>
        <PlayButtons playback={playback} last={result.frameCount - 1}>
          {tools !== null && <ToolsButton tools={tools} />}
        </PlayButtons>
      </div>
    </>
  );
}

/** Play, single steps and speed; `last`: the last frame. Beside the speed: what else there is. */
export function PlayButtons({ playback, last, children }: { playback: Playback; last: number; children?: ComponentChildren }) {
  const playing = useStore(playback.playing);
  const frame = useStore(playback.position);
  return (
    <>
      <div class="controls-buttons">
        <button type="button" class="button button-icon" aria-label={words().frameBack} aria-disabled={frame === 0} onClick={() => playback.seek(frame - 1)} data-testid="step-back">
          <StepBackIcon />
        </button>
        <button
          type="button"
          class="button button-primary button-icon controls-play"
          aria-label={playing ? words().pause : words().play}
          onClick={() => (playing ? playback.pause() : playback.play())}
          data-testid="play"
        >
          {playing ? <PauseIcon /> : <PlayIcon />}
        </button>
        <button type="button" class="button button-icon" aria-label={words().frameForward} aria-disabled={frame === last} onClick={() => playback.seek(frame + 1)} data-testid="step-forward">
          <StepForwardIcon />
        </button>
      </div>
      <div class="controls-speed">
        <SpeedChoice playback={playback} />
        {children}
      </div>
    </>
  );
}

function ScrubBar({ playback, result }: { playback: Playback; result: Result }) {
  const frame = useStore(playback.position);
  const { position, positionText, positionUnseen, positionRepaired } = words();
  const unseen = result.person[frame] === 1 ? "" : positionUnseen;
  const repaired = result.sidesRepaired[frame] === 1 ? positionRepaired : "";
  return (
    <div class="scrub">
      <Coverage result={result} />
      <input
        type="range"
        aria-label={position}
        aria-valuetext={`${positionText(frame + 1, result.frameCount, formatClock(result.timesS[frame] ?? 0))}${unseen}${repaired}`}
        min={0}
        max={result.frameCount - 1}
        step={1}
        value={frame}
        onInput={(event) => playback.seek(Number(event.currentTarget.value))}
        data-testid="scrub"
      />
    </div>
  );
}

/** Where in the clip a climber was seen: gaps in the band are frames without one, marks are repaired ones. */
function Coverage({ result }: { result: Result }) {
  const bars = (flags: Float64Array, name: string) =>
    runsOf(flags).map(([begin, end]) => <rect key={begin} class={name} x={begin} y={0} width={end - begin} height={1} />);
  return (
    <svg class="scrub-coverage" viewBox={`0 0 ${result.frameCount} 1`} preserveAspectRatio="none" aria-hidden="true">
      {bars(result.person, "scrub-seen")}
      {bars(result.sidesRepaired, "scrub-repaired")}
    </svg>
  );
}

/** First frames and ends of the stretches that are flagged. */
function runsOf(flags: Float64Array): [number, number][] {
  const runs: [number, number][] = [];
  flags.forEach((flag, frame) => {
    const run = runs.at(-1);
    if (flag !== 1) return;
    if (run?.[1] === frame) run[1] = frame + 1;
    else runs.push([frame, frame + 1]);
  });
  return runs;
}

function SpeedChoice({ playback }: { playback: Playback }) {
  const current = useStore(playback.speed);
  return (
    <select class="speed" aria-label={words().speed} value={String(current)} onChange={(event) => playback.setSpeed(Number(event.currentTarget.value))} data-testid="speed">
      {speeds.map((speed) => (
        <option key={speed} value={String(speed)}>
          {speedWords[speed] ?? speed}×
        </option>
      ))}
    </select>
  );
}

const layerNames: readonly (keyof Layers)[] = ["skeleton", "hidden", "path", "support", "angles", "contacts", "loads"];

interface Switches {
  layers: Layers;
  onToggle: (layer: keyof Layers) => void;
  /** Those of which there is nothing to show. */
  without: readonly (keyof Layers)[];
}

export function LayerSwitches({ layers, onToggle, without }: Switches) {
  return (
    <div class="layers" role="group" aria-label={words().layersTitle}>
      {layerNames.filter((layer) => !without.includes(layer)).map((layer) => (
        <button key={layer} type="button" class="layer" aria-pressed={layers[layer]} onClick={() => onToggle(layer)} data-testid={`layer-${layer}`}>
          {words().layers[layer]}
        </button>
      ))}
    </div>
  );
}
