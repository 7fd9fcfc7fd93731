import { useStore } from "../../lib/use-store.ts";
import type { Choices } from "../../lib/api.ts";
import { Controls } from "./controls.tsx";
import type { Correction } from "./correction.ts";
import { SendPanel, WhoPanel, type SendChoices } from "./correction-panel.tsx";
import { peopleAt } from "./people.ts";
import { PickedOutline, PickingLayer } from "./picking.tsx";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";

interface Props {
  result: Result;
  playback: Playback;
  correction: Correction;
}

/** While a player is corrected: what lies over its picture. */
export function CorrectionOnStage({ result, playback, correction }: Props) {
  const atS = useAtS({ result, playback });
  const { step } = correction;
  const picture = pictureOf(result);
  if (step?.at === "who") return <PickingLayer picture={picture} people={numbered(result, atS)} atS={atS} correction={correction} />;
  const picked = step?.picked ?? null;
  return picked === null || picked.kind === "nobody" ? null : <PickedOutline picture={picture} box={picked.outline} />;
}

/** While a player is corrected: what stands in place of its controls. */
export function CorrectionControls({ result, playback, correction, choices, onSend }: Props & { choices: Choices; onSend: SendChoices }) {
  const atS = useAtS({ result, playback });
  const { step } = correction;
  if (step?.at === "who") {
    return (
      <>
        <WhoPanel correction={correction} choices={choices} peopleCount={numbered(result, atS).length} picture={pictureOf(result)} atS={atS} />
        <Controls playback={playback} result={result} />
      </>
    );
  }
  const note = "Not counted as another analysis. What you see now stays until the new skeleton is there.";
  return <SendPanel correction={correction} picked={step?.picked ?? null} choices={choices} onSend={onSend} note={note} />;
}

/** When the frame on screen is shown. */
function useAtS({ result, playback }: Pick<Props, "result" | "playback">): number {
  return result.timesS[useStore(playback.frame)] ?? 0;
}

function pictureOf({ facts }: Result): { width: number; height: number } {
  return { width: facts.video.width_px, height: facts.video.height_px };
}

/** Everybody near this moment, with a number that stays theirs for the whole clip. */
function numbered(result: Result, atS: number) {
  const { people } = result.facts;
  return peopleAt(people, atS).map((sighting) => ({ ...sighting, number: 1 + people.findIndex(({ id }) => id === sighting.id) }));
}
