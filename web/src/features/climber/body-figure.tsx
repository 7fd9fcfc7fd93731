import "./body-figure.css";

import { announce } from "../../lib/announcement.ts";
import { limbWords } from "../../lib/terms.ts";
import { limbs, type Entry, type Limb, type LimbState } from "./profile.ts";
import { words } from "./words.ts";

const nextState: Record<LimbState, LimbState> = { there: "injured", injured: "missing", missing: "there" };
const limbStates: readonly LimbState[] = ["there", "injured", "missing"];

interface Props {
  states: Entry["limbs"];
  onChange: (states: Entry["limbs"]) => void;
}

/** A body as in a mirror, each of its four quarters a button for the hand or foot in it. */
export function BodyFigure({ states, onChange }: Props) {
  const { limbStates: names, limbsHow, limbEffects } = words();
  const turn = (limb: Limb) => {
    const state = nextState[states[limb]];
    onChange({ ...states, [limb]: state });
    announce(`${limbWords(limb)}: ${names[state]}`);
  };
  return (
    <>
      <p>{limbsHow}</p>
      <div class="body-figure" data-testid="body-figure">
        <Drawing states={states} />
        {limbs.map((limb) => (
          <button key={limb} type="button" class="body-limb" data-limb={limb} data-state={states[limb]} onClick={() => turn(limb)} data-testid={`limb-${limb}`}>
            <span>
              {limbWords(limb)} <strong>{names[states[limb]]}</strong>
            </span>
          </button>
        ))}
      </div>
      <dl class="body-legend">
        {limbStates.map((state) => (
          <div key={state}>
            <dt>
              <svg viewBox="-14 -14 28 28" aria-hidden="true">
                <End state={state} x={0} y={0} />
              </svg>
              {names[state]}
            </dt>
            <dd>{limbEffects[state]}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Where each limb begins, bends and ends, on a figure 200 wide and 240 high. */
const places: Record<Limb, readonly [number, number][]> = {
  left_hand: [[80, 66], [52, 86], [34, 46]],
  right_hand: [[120, 66], [148, 86], [166, 46]],
  left_foot: [[90, 132], [70, 172], [62, 218]],
  right_foot: [[110, 132], [130, 172], [138, 218]],
};

function Drawing({ states }: { states: Entry["limbs"] }) {
  return (
    <svg class="body-drawing" viewBox="0 0 200 240" preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      <path d="M80 62h40l-8 72H88z" class="body-trunk" />
      <circle cx="100" cy="36" r="17" class="body-trunk" />
      {limbs.map((limb) => (
        <LimbDrawing key={limb} limb={limb} state={states[limb]} />
      ))}
    </svg>
  );
}

function LimbDrawing({ limb, state }: { limb: Limb; state: LimbState }) {
  const [[x, y] = [0, 0], [bendX, bendY] = [0, 0], [endX, endY] = [0, 0]] = places[limb];
  return (
    <g>
      <path d={`M${x} ${y}L${bendX} ${bendY}`} class="body-bone" />
      <path d={`M${bendX} ${bendY}L${endX} ${endY}`} class="body-bone" data-state={state} />
      <End state={state} x={endX} y={endY} />
    </g>
  );
}

/** A hand or foot: full; crossed; or only the place where it would be. */
function End({ state, x, y }: { state: LimbState; x: number; y: number }) {
  return (
    <g data-state={state} class="body-end">
      <circle cx={x} cy={y} r="11" />
      {state === "injured" && <path d={`M${x - 5} ${y}h10m-5-5v10`} />}
    </g>
  );
}
