import "./facts.css";

import type { Choices } from "../../lib/api.ts";
import { formatClock } from "../../lib/format.ts";
import { heightWords, usualUnit } from "../../lib/height.ts";
import type { Step } from "./correction.ts";
import { marksOf } from "./marks.ts";
import type { Result } from "./result.ts";
import { scaleWords } from "./scale-words.ts";
import { sizeText } from "./size.ts";
import { usualSizeUnit } from "./size-field.tsx";

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
  const { climber, body_height_m: heightM } = choices;
  const isMarked = marksOf(choices) !== null;
  return (
    <section class="facts">
      <h2>The climber</h2>
      <dl data-testid="climber-facts">
        <div>
          <dt>Chosen</dt>
          <dd>{climber == null ? "by Ascension" : `by you, at ${formatClock(climber.at_s)}`}</dd>
        </div>
        <div>
          <dt>Height</dt>
          <dd>{heightM == null ? "not given" : heightWords(heightM, usualUnit())}</dd>
        </div>
        {result.facts.wall != null && (
          <div>
            <dt>Lengths</dt>
            <dd>{scaleWords(result.facts.wall.scale)}</dd>
          </div>
        )}
        {isMarked && (
          <div>
            <dt>On the wall</dt>
            <dd>{knownWords(choices)}</dd>
          </div>
        )}
      </dl>
      {canSend && (
        <div class="facts-actions">
          {canPoint && (
            <button type="button" class="button" onClick={() => onOpen({ at: "who" })} data-testid="not-the-climber">
              Not the climber?
            </button>
          )}
          <button type="button" class="button" onClick={() => onOpen({ at: "send", picked: null })} data-testid="your-height">
            {heightM == null ? "Give the height" : "Change the height"}
          </button>
          {canPoint && result.wall !== null && (
            <button type="button" class="button" onClick={() => onOpen({ at: "mark" })} data-testid="known-length">
              {isMarked ? "Change the known length" : "Mark a known length"}
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
