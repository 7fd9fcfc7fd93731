import "./tools.css";

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { ChartIcon, DownloadIcon, LoopIcon, PenIcon, WholeIcon, ZoomInIcon, ZoomOutIcon } from "../../components/icons.tsx";
import { formatClock } from "../../lib/format.ts";
import { useStore } from "../../lib/use-store.ts";
import { ExportChoice } from "./export-choice.tsx";
import { beginningAt, endingAt } from "./loop.ts";
import type { Playback } from "./playback.ts";
import type { Reel, Result } from "./result.ts";
import type { LookKit, ToolKit } from "./use-tools.ts";
import { words } from "./words.ts";
import { buttonStep } from "./zoom.ts";

interface Props {
  analysisId: string;
  result: Result;
  playback: Playback;
  tools: ToolKit;
}

/** Above the time bar, so that picture and contacts stay in sight. */
export function Tools({ analysisId, result, playback, tools }: Props) {
  const [isExporting, setExporting] = useState(false);
  const { tools: say } = words();
  return (
    <section class="tools" aria-label={say.title} data-testid="tool-row">
      <div class="tools-row">
        <LoopTools label={words().tools.loopMove} hasParts={(result.facts.climb?.moves.length ?? 0) > 0} reel={result} playback={playback} tools={tools} />
        <Tool name="charts" label={say.charts} isPressed={tools.hasCharts} onPress={tools.toggleCharts} icon={<ChartIcon />} />
        <Tool name="draw" label={say.draw} onPress={tools.draw} icon={<PenIcon />} />
        <ZoomTools tools={tools} />
        <Tool name="export" label={say.export} isPressed={isExporting} onPress={() => setExporting(!isExporting)} icon={<DownloadIcon />} />
      </div>
      {isExporting && <ExportChoice analysisId={analysisId} result={result} name={tools.name} />}
    </section>
  );
}

interface ToolProps {
  name: string;
  label: string;
  /** What is read out, where the label is short. */
  title?: string;
  isPressed?: boolean;
  isOff?: boolean;
  onPress: () => void;
  icon: ComponentChildren;
}

/** `isPressed`: of a tool that stays on. */
function Tool({ name, label, title, isPressed, isOff = false, onPress, icon }: ToolProps) {
  return (
    <button
      type="button"
      class="button button-quiet tool"
      {...(title === undefined ? {} : { "aria-label": title })}
      aria-pressed={isPressed}
      aria-disabled={isOff}
      onClick={() => !isOff && onPress()}
      data-testid={`tool-${name}`}
    >
      {icon} {label}
    </button>
  );
}

interface LoopProps {
  /** What the move or section on screen is looped by. */
  label: string;
  hasParts: boolean;
  reel: Reel;
  playback: Playback;
  tools: LookKit;
}

export function LoopTools({ label, hasParts, reel: { frameCount, timesS }, playback, tools: { stretch, loopPart } }: LoopProps) {
  const now = useStore(stretch);
  const frame = useStore(playback.position);
  const { tools: say } = words();
  const clock = (at: number) => formatClock(timesS[Math.min(at, frameCount - 1)] ?? 0);
  return (
    <div class="tools-group" role="group" aria-label={say.loop}>
      {now === null ? (
        <Tool name="loop" label={label} isOff={!hasParts} onPress={loopPart} icon={<LoopIcon />} />
      ) : (
        <Tool name="loop" label={say.loopOff} title={`${say.loopOff}: ${say.from(clock(now.start), clock(now.end))}`} isPressed onPress={loopPart} icon={<LoopIcon />} />
      )}
      <Tool name="loop-from" label={say.loopFrom} onPress={() => stretch.set(beginningAt(now, frame, frameCount))} icon={<b aria-hidden="true">A</b>} />
      <Tool name="loop-to" label={say.loopTo} onPress={() => stretch.set(endingAt(now, frame, frameCount))} icon={<b aria-hidden="true">B</b>} />
    </div>
  );
}

/** For whoever cannot pinch. The climber stays in the middle. */
export function ZoomTools({ tools }: { tools: LookKit }) {
  const { scale } = useStore(tools.zoom);
  const { tools: say } = words();
  return (
    <div class="tools-group" role="group" aria-label={say.zoom}>
      <Tool name="zoom-out" label={say.farther} isOff={scale === 1} onPress={() => tools.zoomBy(1 / buttonStep)} icon={<ZoomOutIcon />} />
      <Tool name="zoom-whole" label={`${Math.round(100 * scale)}\u00a0%`} title={say.whole(Math.round(100 * scale))} isOff={scale === 1} onPress={tools.showWhole} icon={<WholeIcon />} />
      <Tool name="zoom-in" label={say.nearer} onPress={() => tools.zoomBy(buttonStep)} icon={<ZoomInIcon />} />
    </div>
  );
}
