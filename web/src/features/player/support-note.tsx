import { lengthWords } from "../../lib/terms.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { supportAt, type Support } from "./support.ts";
import { words } from "./words.ts";

/** What the area and the plumb line say, in words, for the frame on screen. */
export function SupportNote({ result, playback }: { result: Result; playback: Playback }) {
  const frame = useStore(playback.frame);
  return (
    <p class="facts-note support-note" data-testid="support">
      {supportWords(result, supportAt(result, frame))}
    </p>
  );
}

function supportWords({ facts: { climb } }: Result, support: Support | null): string {
  const { support: say } = words();
  if (support === null || climb == null) return say.unknown;
  const hidden = support.bearings.filter(({ isSure }) => !isSure).length;
  return [say.on(support.bearings.length), hidden === 0 ? "" : say.hidden(hidden), centerWords(support, climb.unit)].filter((part) => part !== "").join(" ");
}

function centerWords({ center, isCenterSure, besideFeet }: Support, unit: "m" | "torso"): string {
  const { support: say } = words();
  if (center === null) return say.noCenter;
  if (!isCenterSure) return say.centerHidden;
  if (besideFeet === null) return say.noFeet;
  if (besideFeet === 0) return say.over;
  return (besideFeet < 0 ? say.leftOf : say.rightOf)(lengthWords(Math.abs(besideFeet), unit));
}
