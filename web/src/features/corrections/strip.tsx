import { formatClock } from "../../lib/format.ts";
import { limbWords } from "../../lib/terms.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Climb } from "../player/climb.ts";
import { frameAtShare } from "../player/moments.ts";
import type { Bench } from "../player/workbench.ts";
import { contactUnder, stretchesOf, type ContactDraft, type Draft } from "./drafts.ts";
import { words } from "./words.ts";

const farFrames = 10;

interface Props {
  bench: Bench;
  climb: Climb;
  draft: Draft;
  contact: ContactDraft;
  onTake: (contact: ContactDraft) => void;
  onBounds: (bounds: { start: number; end: number }, change: string) => void;
}

/** When one hand or foot touched something: a press takes a contact, its two ends are drawn to where they belong. */
export function Strip({ bench, climb, draft, contact, onTake, onBounds }: Props) {
  const { frameCount } = bench.result;
  const { strip, start: startLabel, end: endLabel } = words();
  const now = useStore(bench.playback.position);
  const share = (frame: number) => `${((100 * frame) / frameCount).toFixed(3)}%`;
  const takeAt = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const frame = frameAtShare((event.clientX - left) / width, frameCount);
    bench.playback.seek(frame);
    onTake(contactUnder(climb, draft, contact.limb, frame, frameCount));
  };
  const limb = limbWords(contact.limb);
  return (
    <div class="strip" role="group" aria-label={strip(limb)} data-testid="strip">
      <div class="strip-lane lane" data-limb={contact.limb} onPointerDown={takeAt} data-testid="strip-lane">
        {stretchesOf(climb, draft, contact.limb, frameCount)
          .filter(({ kind }) => kind !== "none")
          .map(({ start, end, kind }) => (
            <span key={start} class="lane-contact" data-kind={kind} style={{ left: share(start), width: share(end - start) }} />
          ))}
        <span class="strip-taken" style={{ left: share(contact.start), width: share(contact.end - contact.start) }} />
        <span class="strip-now" style={{ left: share(now + 0.5) }} />
      </div>
      <Handle
        bench={bench}
        name="start"
        label={startLabel(limb)}
        frame={contact.start}
        least={0}
        most={contact.end - 1}
        onChange={(start, change) => {
          bench.playback.seek(start);
          onBounds({ start, end: contact.end }, change);
        }}
      />
      <Handle
        bench={bench}
        name="end"
        label={endLabel(limb)}
        frame={contact.end}
        least={contact.start + 1}
        most={frameCount}
        onChange={(end, change) => {
          bench.playback.seek(end - 1);
          onBounds({ start: contact.start, end }, change);
        }}
      />
    </div>
  );
}

interface HandleProps {
  bench: Bench;
  name: "start" | "end";
  label: string;
  frame: number;
  least: number;
  most: number;
  onChange: (frame: number, change: string) => void;
}

function Handle({ bench: { result }, name, label, frame, least, most, onChange }: HandleProps) {
  const to = (target: number, change: string) => onChange(Math.max(least, Math.min(most, target)), `${name} ${change}`);
  const onKey = (event: KeyboardEvent) => {
    const far = event.shiftKey ? farFrames : 1;
    const target = { ArrowRight: frame + far, ArrowUp: frame + far, ArrowLeft: frame - far, ArrowDown: frame - far, Home: least, End: most }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the player's own keys
    to(target, "keys");
  };
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const lane = event.currentTarget.parentElement?.querySelector(".strip-lane")?.getBoundingClientRect();
    if (lane !== undefined) to(Math.round(((event.clientX - lane.left) / lane.width) * result.frameCount), `drag ${event.pointerId}`);
  };
  return (
    <div
      class={`strip-handle strip-${name}`}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={frame}
      aria-valuetext={formatClock(result.timesS[Math.min(frame, result.frameCount - 1)] ?? 0)}
      style={{ "--at": frame / result.frameCount }}
      onKeyDown={onKey}
      onPointerDown={(event) => event.button === 0 && event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      data-testid={`strip-${name}`}
    />
  );
}
