import { useStore } from "../../lib/use-store.ts";
import type { Choices } from "../../lib/api.ts";
import { Controls } from "./controls.tsx";
import type { Correction } from "./correction.ts";
import { SendPanel, WhoPanel, type SendChoices } from "./correction-panel.tsx";
import { frameAt } from "./frames.ts";
import { LeanPanel } from "./lean-panel.tsx";
import { MarkingLayer, MarksShape } from "./marking-layer.tsx";
import { MarkPanel, SizePanel } from "./marking-panel.tsx";
import { peopleAt } from "./people.ts";
import { PickedOutline, PickingLayer } from "./picking.tsx";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { words } from "./words.ts";

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
  if (step?.at === "mark") return <MarkingLayer picture={picture} marking={correction.marking} atS={atS} canMark={markObstacle(result, atS, correction) === null} />;
  if (step?.at === "size") return <MarksShape picture={picture} marks={correction.marking.marks} />;
  const picked = step?.at === "send" ? step.picked : null;
  return picked === null || !("outline" in picked) ? null : <PickedOutline picture={picture} box={picked.outline} />;
}

/** Why no point can be set at this moment; null: one can. */
function markObstacle(result: Result, atS: number, { marking: { marks } }: Correction): "elsewhere" | "off the wall" | null {
  const frame = frameAt(result.timesS, atS);
  if (marks.places.length > 0 && frameAt(result.timesS, marks.atS) !== frame) return "elsewhere";
  return result.wall?.onWall[frame] === 1 ? null : "off the wall";
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
  if (step?.at === "mark") {
    const { marks } = correction.marking;
    return (
      <>
        <MarkPanel
          result={result}
          correction={correction}
          choices={choices}
          picture={pictureOf(result)}
          atS={atS}
          obstacle={markObstacle(result, atS, correction)}
          onShow={() => playback.seek(frameAt(result.timesS, marks.atS))}
        />
        <Controls playback={playback} result={result} />
      </>
    );
  }
  const { note } = words().questions;
  if (step?.at === "size") return <SizePanel result={result} correction={correction} choices={choices} onSend={onSend} note={note} />;
  if (step?.at === "lean") return <LeanPanel correction={correction} choices={choices} onSend={onSend} note={note} />;
  return <SendPanel correction={correction} picked={step?.at === "send" ? step.picked : null} choices={choices} onSend={onSend} note={note} />;
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
