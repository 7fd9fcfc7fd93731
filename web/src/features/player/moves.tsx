import "./coach.css";

import { useMemo } from "preact/hooks";

import { formatClock } from "../../lib/format.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Climb, Move } from "./climb.ts";
import { fixedWords, lengthWords, limbWords, moveWords, percentWords } from "../../lib/terms.ts";
import { certaintyOf, holdNumbers, moveAt } from "./moments.ts";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { words } from "./words.ts";

interface Props {
  result: Result;
  climb: Climb;
  playback: Playback;
  /** Shows this frame where it can be seen. */
  onJump: (frame: number) => void;
}

/** Every move in order of time; the one under way is marked. */
export function Moves({ result, climb, playback, onJump }: Props) {
  const now = useStore(playback.frame);
  const numbers = useMemo(() => holdNumbers(climb), [climb]);
  const current = moveAt(climb, now);
  const { moves, movesNone, sure } = words();
  return (
    <section class="facts moves" data-testid="moves">
      <h2>{moves}</h2>
      {climb.moves.length === 0 && <p class="facts-note">{movesNone}</p>}
      <ol>
        {climb.moves.map((move, place) => (
          <li key={`${move.limb}${move.reach_start}`}>
            <button type="button" class="move" aria-current={place === current ? "step" : undefined} onClick={() => onJump(move.reach_start)} data-limb={move.limb} data-certainty={certaintyOf(move.confidence)} data-testid="move">
              <span class="move-number">{place + 1}</span>
              <span class="move-what">
                <strong>{limbWords(move.limb)}</strong> {holdWords(move, numbers)}
              </span>
              <span class="move-figures">
                {formatClock(result.timesS[move.reach_start] ?? 0)} · {fixedWords(lasts(result, move), 1)}&nbsp;s · {lengthWords(move.distance, climb.unit)} · {moveWords(move.kind)}
                {certaintyOf(move.confidence) === "sure" ? "" : ` · ${sure(percentWords(move.confidence))}`}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** "hold 2 to 5" */
function holdWords({ from_hold: from, to_hold: to }: Move, numbers: ReadonlyMap<number, number>): string {
  const { moveHold, moveGround, moveAgain, moveTo } = words();
  const name = (hold: number | null) => (hold === null ? moveGround : moveHold(String(numbers.get(hold) ?? "?")));
  return from === to && from !== null ? moveAgain(name(from)) : moveTo(name(from), name(to));
}

function lasts({ timesS }: Result, { reach_start: start, reach_end: end }: Move): number {
  return (timesS[Math.min(end, timesS.length - 1)] ?? 0) - (timesS[start] ?? 0);
}
