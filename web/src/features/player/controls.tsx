import "./controls.css";

import { PauseIcon, PlayIcon, StepBackIcon, StepForwardIcon } from "../../components/icons.tsx";
import { formatClock } from "../../lib/format.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Layers } from "./draw.ts";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";

const speedWords: Record<number, string> = { 0.25: "¼", 0.5: "½" };

export const speeds = [0.1, 0.25, 0.5, 1, 2] as const;

export function Controls({ playback, result }: { playback: Playback; result: Result }) {
  const playing = useStore(playback.playing);
  const frame = useStore(playback.position);
  const last = result.frameCount - 1;
  return (
    <div class="controls">
      <ScrubBar playback={playback} result={result} />
      <div class="controls-row">
        <button type="button" class="button button-icon" aria-label="One frame back" disabled={frame === 0} onClick={() => playback.seek(frame - 1)} data-testid="step-back">
          <StepBackIcon />
        </button>
        <button
          type="button"
          class="button button-primary button-icon controls-play"
          aria-label={playing ? "Pause" : "Play"}
          onClick={() => (playing ? playback.pause() : playback.play())}
          data-testid="play"
        >
          {playing ? <PauseIcon /> : <PlayIcon />}
        </button>
        <button type="button" class="button button-icon" aria-label="One frame forward" disabled={frame === last} onClick={() => playback.seek(frame + 1)} data-testid="step-forward">
          <StepForwardIcon />
        </button>
        <SpeedChoice playback={playback} />
      </div>
    </div>
  );
}

function ScrubBar({ playback, result }: { playback: Playback; result: Result }) {
  const frame = useStore(playback.position);
  const timeS = result.timesS[frame] ?? 0;
  const isSeen = result.person[frame] === 1;
  return (
    <div class="scrub">
      <Coverage result={result} />
      <input
        type="range"
        aria-label="Position in the clip"
        aria-valuetext={`Frame ${frame + 1} of ${result.frameCount}, ${formatClock(timeS)}`}
        min={0}
        max={result.frameCount - 1}
        step={1}
        value={frame}
        onInput={(event) => playback.seek(Number(event.currentTarget.value))}
        data-testid="scrub"
      />
      <p class="scrub-words">
        <span data-testid="time">{formatClock(timeS)}</span>
        {!isSeen && <strong>no climber seen here</strong>}
        <span data-testid="frame-number">
          frame {frame + 1} / {result.frameCount}
        </span>
      </p>
    </div>
  );
}

/** Where in the clip a climber was seen: gaps in the band are frames without one. */
function Coverage({ result }: { result: Result }) {
  const runs: [number, number][] = [];
  result.person.forEach((seen, frame) => {
    const run = runs.at(-1);
    if (seen !== 1) return;
    if (run?.[1] === frame) run[1] = frame + 1;
    else runs.push([frame, frame + 1]);
  });
  return (
    <svg class="scrub-coverage" viewBox={`0 0 ${result.frameCount} 1`} preserveAspectRatio="none" aria-hidden="true">
      {runs.map(([begin, end]) => (
        <rect key={begin} x={begin} y={0} width={end - begin} height={1} />
      ))}
    </svg>
  );
}

function SpeedChoice({ playback }: { playback: Playback }) {
  const current = useStore(playback.speed);
  return (
    <fieldset class="speeds">
      <legend class="visually-hidden">Speed</legend>
      {speeds.map((speed) => (
        <label key={speed}>
          <input class="visually-hidden" type="radio" name="speed" aria-label={`${speed} times the speed`} checked={speed === current} onChange={() => playback.setSpeed(speed)} data-testid={`speed-${speed}`} />
          <span aria-hidden="true">{speedWords[speed] ?? speed}×</span>
        </label>
      ))}
    </fieldset>
  );
}

const layerNames: [keyof Layers, string][] = [
  ["skeleton", "Skeleton"],
  ["path", "Balance"],
  ["angles", "Angles"],
];

export function LayerSwitches({ layers, onToggle }: { layers: Layers; onToggle: (layer: keyof Layers) => void }) {
  return (
    <div class="layers" role="group" aria-label="Shown over the video">
      {layerNames.map(([layer, label]) => (
        <button key={layer} type="button" class="layer" aria-pressed={layers[layer]} onClick={() => onToggle(layer)} data-testid={`layer-${layer}`}>
          {label}
        </button>
      ))}
    </div>
  );
}
