import "./charts.css";

import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { formatClock } from "../../lib/format.ts";
import { recall, remember } from "../../lib/memory.ts";
import type { Store } from "../../lib/store.ts";
import { fixedWords } from "../../lib/terms.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Stretch } from "./loop.ts";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { scrubbing, seekByKey } from "./scrubbing.ts";
import { centersOf, lineOf, seriesNames, seriesOf, type Curve, type Series, type SeriesName } from "./series.ts";
import { LoopBand, Playhead } from "./timeline.tsx";
import { words } from "./words.ts";

const chosenKey = "ascension.charts";
const usual: readonly SeriesName[] = ["speed", "elbow"];
const farFrames = 10;

interface Props {
  result: Result;
  playback: Playback;
  stretch: Store<Stretch | null>;
}

/** Curves over the same time as the contacts above them; one control for all: a drag goes through the clip. */
export function Charts({ result, playback, stretch }: Props) {
  const [chosen, setChosen] = useState(remembered);
  const centers = useMemo(() => centersOf(result), [result]);
  const shown = useMemo(() => seriesNames.filter((name) => chosen.includes(name)).map((name) => seriesOf(result, centers, name)), [result, centers, chosen]);
  const toggle = (name: SeriesName) => {
    const next = chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
    remember(chosenKey, next);
    setChosen(next);
  };
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.scrollIntoView({ block: "nearest" }), []); // asked for, so seen
  const { charts: say } = words();
  return (
    <section class="charts" ref={section} aria-label={say.title} data-testid="charts">
      {shown.length > 0 && <Plots result={result} playback={playback} stretch={stretch} shown={shown} />}
      <div class="layers charts-choice" role="group" aria-label={say.choose}>
        {seriesNames.map((name) => (
          <button key={name} type="button" class="layer" aria-pressed={chosen.includes(name)} onClick={() => toggle(name)} data-testid={`chart-${name}`}>
            {say.names[name]}
          </button>
        ))}
      </div>
      <p class="charts-note">{say.note}</p>
    </section>
  );
}

function remembered(): readonly SeriesName[] {
  const found = recall(chosenKey);
  return Array.isArray(found) ? seriesNames.filter((name) => found.includes(name)) : usual;
}

function Plots({ result, playback, stretch, shown }: Props & { shown: readonly Series[] }) {
  const frame = useStore(playback.position);
  const last = result.frameCount - 1;
  const drawn = useMemo(() => shown.map((series) => <Plot key={series.name} series={series} frameCount={result.frameCount} />), [shown, result]);
  const unit = result.facts.climb?.unit ?? result.facts.wall?.scale.unit ?? "torso";
  const onKey = (event: KeyboardEvent) =>
    seekByKey(event, playback, { ArrowRight: frame + 1, ArrowUp: frame + 1, ArrowLeft: frame - 1, ArrowDown: frame - 1, PageUp: frame + farFrames, PageDown: frame - farFrames, Home: 0, End: last });
  return (
    <div class="charts-rows">
      <div class="charts-names">
        {shown.map((series) => (
          <Values key={series.name} series={series} frame={frame} unit={unit} />
        ))}
      </div>
      <div
        class="charts-plots"
        role="slider"
        tabIndex={0}
        aria-label={words().charts.slider}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={frame}
        aria-valuetext={`${formatClock(result.timesS[frame] ?? 0)}. ${shown.map((series) => spoken(series, frame, unit)).join(". ")}.`}
        onKeyDown={onKey}
        {...scrubbing(playback, result.frameCount)}
        data-testid="plots"
      >
        {drawn}
        <LoopBand result={result} stretch={stretch} />
        <Playhead result={result} playback={playback} />
      </div>
    </div>
  );
}

/** Everything that stands still while the playhead moves. */
function Plot({ series, frameCount }: { series: Series; frameCount: number }) {
  return (
    <svg class="chart" viewBox={`0 0 ${frameCount} 1`} preserveAspectRatio="none" aria-hidden="true" data-name={series.name}>
      {series.curves.map(({ side, values }) => (
        <path key={side} class="chart-line" data-side={side} d={lineOf(values, series)} />
      ))}
    </svg>
  );
}

/** What is measured at the playhead. */
function Values({ series, frame, unit }: { series: Series; frame: number; unit: "m" | "torso" }) {
  const { charts: say } = words();
  return (
    <div class="charts-values" aria-hidden="true" data-testid={`value-${series.name}`}>
      <span>{say.names[series.name]}</span>
      {series.curves.map((curve) => (
        <strong key={curve.side} data-side={curve.side}>
          {curve.side === "middle" ? "" : `${say.short[curve.side]} `}
          {valueWords(series.name, curve, frame, unit) ?? "–"}
        </strong>
      ))}
    </div>
  );
}

/** null: not measured there. */
function valueWords(name: SeriesName, { values }: Curve, frame: number, unit: "m" | "torso"): string | null {
  const value = values[frame] ?? Number.NaN;
  if (!Number.isFinite(value)) return null;
  if (name !== "speed" && name !== "height") return `${Math.round(value)}°`;
  return `${fixedWords(value, 2)} ${words().charts.units[unit][name]}`;
}

function spoken(series: Series, frame: number, unit: "m" | "torso"): string {
  const { charts: say, notSeen } = words();
  const values = series.curves.map((curve) => `${curve.side === "middle" ? "" : `${say.sides[curve.side]} `}${valueWords(series.name, curve, frame, unit) ?? notSeen}`);
  return `${say.names[series.name]}: ${values.join(", ")}`;
}
