import { useEffect, useRef } from "preact/hooks";

import { formatClock } from "../../lib/format.ts";
import { drawStrip } from "./pictures.ts";
import type { Cut } from "./takes.ts";
import { words } from "./words.ts";

const pictures = 8;
const stepS = 0.1;
/** Less is no climb, and nothing that the analysis takes. */
const leastS = 1;

interface Props {
  player: { video: HTMLVideoElement; durationS: number };
  part: Cut;
  onPart: (part: Cut, movedTo: number) => void;
}

/** The clip as a row of pictures with a handle at the part's begin and one at its end. */
export function Strip({ player, part, onPart }: Props) {
  const row = useRef<HTMLDivElement>(null);
  const { durationS } = player;
  useEffect(() => {
    const leaving = new AbortController();
    const canvases = [...(row.current?.querySelectorAll("canvas") ?? [])];
    drawStrip(canvases, player, leaving.signal).catch(() => undefined); // the handles work without pictures
    return () => leaving.abort();
  }, [player]);
  const begin = (wantedS: number) => {
    const startS = Math.max(0, Math.min(wantedS, part.endS - leastS));
    onPart({ ...part, startS }, startS);
  };
  const end = (wantedS: number) => {
    const endS = Math.min(durationS, Math.max(wantedS, part.startS + leastS));
    onPart({ ...part, endS }, endS);
  };
  const shade = { "--from": part.startS / durationS, "--to": part.endS / durationS };
  return (
    <div class="cutting" role="group" aria-label={words().frames} style={shade} data-testid="strip">
      <div class="cutting-pictures" ref={row} aria-hidden="true">
        {Array.from({ length: pictures }, (_, number) => (
          <canvas key={number} width={96} height={128} />
        ))}
      </div>
      <span class="cutting-shade cutting-shade-before" />
      <span class="cutting-shade cutting-shade-after" />
      <Handle label={words().begin} valueS={part.startS} durationS={durationS} onMove={begin} testId="strip-begin" />
      <Handle label={words().end} valueS={part.endS} durationS={durationS} onMove={end} testId="strip-end" />
    </div>
  );
}

function Handle({ label, valueS, durationS, onMove, testId }: { label: string; valueS: number; durationS: number; onMove: (wantedS: number) => void; testId: string }) {
  return (
    <input
      type="range"
      class="cutting-handle"
      min={0}
      max={durationS}
      step={stepS}
      value={valueS}
      aria-label={label}
      aria-valuetext={formatClock(valueS)}
      onInput={(event) => {
        onMove(event.currentTarget.valueAsNumber);
      }}
      data-testid={testId}
    />
  );
}
