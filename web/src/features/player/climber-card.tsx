import "./facts.css";

import type { Choices } from "../../lib/api.ts";
import { formatClock } from "../../lib/format.ts";
import type { Step } from "./correction.ts";
import { heightWords } from "./height.ts";
import { usualUnit } from "./height-field.tsx";
import type { Result } from "./result.ts";
import type { WallScale } from "./wall.ts";

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
        </div>
      )}
    </section>
  );
}

/** What lengths are given in, and how sure they are. */
function scaleWords({ unit, error_pct: errorPct }: WallScale): string {
  if (unit === "torso") return "in torso lengths";
  return errorPct === null ? "in meters" : `in meters, ± ${errorPct.toFixed(0)} %`;
}
