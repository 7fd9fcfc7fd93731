import "../player/controls.css";

import { useMemo } from "preact/hooks";

import { formatClock } from "../../lib/format.ts";
import { useStore } from "../../lib/use-store.ts";
import { PlayButtons } from "../player/controls.tsx";
import { ToolsButton } from "../player/tools-button.tsx";
import { LoopTools, ZoomTools } from "../player/tools.tsx";
import { words as playerWords } from "../player/words.ts";
import type { Compared } from "./comparison.ts";
import { sectionAt, sectionSteps, stepOf } from "./track.ts";
import type { Pair } from "./use-pair.ts";
import type { PairTools } from "./use-pair-tools.ts";
import { sectionWords, words } from "./words.ts";

/** One bar for both, divided by holds and not by seconds of either clip. */
export function PairControls({ pair, compared, tools }: { pair: Pair; compared: Compared; tools: PairTools }) {
  const step = useStore(pair.playback.position);
  return (
    <>
      {tools.isOpen && (
        <section class="tools" aria-label={playerWords().tools.title} data-testid="tool-row">
          <div class="tools-row">
            <LoopTools label={words().loopSection} hasParts={compared.sections.length > 0} reel={pair.track} playback={pair.playback} tools={tools} />
            <ZoomTools tools={tools} />
          </div>
        </section>
      )}
      <PairScrub pair={pair} compared={compared} />
      <div class="controls-row">
        <p class="controls-words">
          <span data-testid="section">{sectionShort(pair, compared, step)}</span>
          <span data-testid="step">
            {step + 1} / {pair.track.frameCount}
          </span>
        </p>
        <PlayButtons playback={pair.playback} last={pair.track.frameCount - 1}>
          <ToolsButton tools={tools} />
        </PlayButtons>
      </div>
    </>
  );
}

function sectionName({ track }: Pair, { sections }: Compared, step: number): string {
  const section = sections[Math.max(0, sectionAt(track, sections, step))];
  return section === undefined ? "" : sectionWords(section);
}

/** "4 → 6", where the buttons leave little room. */
function sectionShort({ track }: Pair, { sections }: Compared, step: number): string {
  const section = sections[Math.max(0, sectionAt(track, sections, step))];
  return section === undefined ? "" : words().sectionShort(section.from_hold, section.to_hold);
}

function PairScrub({ pair, compared }: { pair: Pair; compared: Compared }) {
  const { track, playback, results } = pair;
  const step = useStore(playback.position);
  const kind = track.kinds[step];
  const timeOf = (name: "first" | "second") => formatClock(results[name].timesS[track.frames[name][step] ?? 0] ?? 0);
  const position = words().positionWords({
    section: sectionName(pair, compared, step),
    first: timeOf("first"),
    second: timeOf("second"),
    waits: kind === "first_only" ? "second" : kind === "second_only" ? "first" : null,
  });
  return (
    <div class="scrub pair-scrub">
      <Marks pair={pair} compared={compared} />
      <input
        type="range"
        aria-label={words().position}
        aria-valuetext={position}
        min={0}
        max={track.frameCount - 1}
        step={1}
        value={step}
        onInput={(event) => playback.seek(Number(event.currentTarget.value))}
        data-testid="scrub"
      />
    </div>
  );
}

/** Sections as blocks, differences as marks. Steps are even along the bar, as the slider's are. */
function Marks({ pair: { track }, compared: { sections, differences } }: { pair: Pair; compared: Compared }) {
  const blocks = useMemo(() => sectionSteps(track, sections), [track, sections]);
  const marks = useMemo(() => differences.map((difference) => ({ number: difference.number, at: stepOf(track, difference) })), [track, differences]);
  const last = track.frameCount - 1;
  return (
    <svg class="scrub-coverage" viewBox={`0 0 ${last} 1`} preserveAspectRatio="none" aria-hidden="true" data-testid="marks">
      {blocks.map(({ start, end }, place) => (
        <rect key={start} class={place % 2 === 0 ? "pair-block" : "pair-block-odd"} x={start} y={0} width={Math.max(0, end - start)} height={1} />
      ))}
      {marks.map(({ number, at }) => (
        <line key={number} class="pair-mark" x1={at} x2={at} y1={0} y2={1} />
      ))}
    </svg>
  );
}
