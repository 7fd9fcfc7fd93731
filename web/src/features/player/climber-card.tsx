import "./facts.css";

import type { Choices } from "../../lib/api.ts";
import { formatClock } from "../../lib/format.ts";
import { heightWords, usualUnit } from "../../lib/height.ts";
import type { Step } from "./correction.ts";
import { leanWords } from "./lean-panel.tsx";
import { marksOf } from "./marks.ts";
import type { Result } from "./result.ts";
import { scaleWords } from "./scale-words.ts";
import { sizeText } from "./size.ts";
import { usualSizeUnit } from "./size-field.tsx";
import { useSource } from "./source.ts";
import { words } from "./words.ts";

interface Props {
  result: Result;
  choices: Choices;
  onOpen: (step: Step) => void;
  /** An analysis can be asked for now. */
  canSend: boolean;
  /** There is a picture to point in. */
  canPoint: boolean;
}

/** Whom the numbers belong to, and the way to say that it is somebody else. */
export function ClimberCard({ result, choices, onOpen, canSend, canPoint }: Props) {
  const { isOwn } = useSource();
  const { climber, body_height_m: heightM, overhang_deg: overhangDeg } = choices;
  const isMarked = marksOf(choices) !== null;
  const say = words();
  if (!isOwn) return null; // others are not told
  return (
    <section class="facts">
      <h2>{say.climber}</h2>
      <dl data-testid="climber-facts">
        <div>
          <dt>{say.chosen}</dt>
          <dd>{climber == null ? say.chosenByUs : say.chosenByYou(formatClock(climber.at_s))}</dd>
        </div>
        <div>
          <dt>{say.height}</dt>
          <dd>{heightM == null ? say.heightNone : heightWords(heightM, usualUnit())}</dd>
        </div>
        {result.facts.wall != null && (
          <div>
            <dt>{say.lengths}</dt>
            <dd>{scaleWords(result.facts.wall.scale)}</dd>
          </div>
        )}
        <div>
          <dt>{say.lean.wall}</dt>
          <dd>{overhangDeg == null ? say.leanNone : leanWords(overhangDeg)}</dd>
        </div>
        {isMarked && (
          <div>
            <dt>{say.onWall}</dt>
            <dd>{knownWords(choices)}</dd>
          </div>
        )}
      </dl>
      {canSend && (
        <div class="facts-actions">
          {canPoint && (
            <button type="button" class="button" onClick={() => onOpen({ at: "who" })} data-testid="not-the-climber">
              {say.notClimber}
            </button>
          )}
          <button type="button" class="button" onClick={() => onOpen({ at: "send", picked: null })} data-testid="your-height">
            {heightM == null ? say.heightGive : say.heightChange}
          </button>
          <button type="button" class="button" onClick={() => onOpen({ at: "lean" })} data-testid="wall-lean">
            {overhangDeg == null ? say.leanGive : say.leanChange}
          </button>
          {canPoint && result.wall !== null && (
            <button type="button" class="button" onClick={() => onOpen({ at: "mark" })} data-testid="known-length">
              {isMarked ? say.lengthChange : say.lengthMark}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

/** What was marked, and how long it is. */
function knownWords(choices: Choices): string {
  const { known_distance: distance, known_rectangle: rectangle } = choices;
  const meters = rectangle == null ? [distance?.distance_m ?? 0] : [rectangle.width_m, rectangle.height_m];
  const unit = usualSizeUnit();
  return `${meters.map((length) => sizeText(length, unit)).join(" × ")} ${unit}`;
}
