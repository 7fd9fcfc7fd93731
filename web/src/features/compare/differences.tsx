import { useMemo } from "preact/hooks";

import { useStore } from "../../lib/use-store.ts";
import { formatClock } from "../../lib/format.ts";
import { sideNames, type Compared } from "./comparison.ts";
import { stepOf } from "./track.ts";
import type { Pair } from "./use-pair.ts";
import { costWords, differenceWords, signedSeconds, words } from "./words.ts";

interface Props {
  pair: Pair;
  compared: Compared;
  /** Shows this step where it can be seen. */
  onJump: (step: number) => void;
}

/** Every difference in the order in which it comes; a tap brings both clips there. */
export function Differences({ pair, compared: { differences, unit }, onJump }: Props) {
  const now = useStore(pair.playback.position);
  const steps = useMemo(() => differences.map((difference) => stepOf(pair.track, difference)), [differences, pair]);
  const current = steps.findLastIndex((step) => step <= now);
  return (
    <section class="facts differences" data-testid="differences">
      <h2>{words().differences}</h2>
      {differences.length === 0 && <p class="facts-note">{words().noDifferences}</p>}
      <ol>
        {differences.map((difference, place) => (
          <li key={difference.number}>
            <button type="button" class="difference" data-who={difference.who} aria-current={place === current ? "step" : undefined} onClick={() => onJump(steps[place] ?? 0)} data-testid="difference">
              <span class="difference-what">{differenceWords(difference)}</span>
              <strong class="difference-cost">{signedSeconds(difference.cost_s)}</strong>
              <span class="difference-figures">
                <Times pair={pair} step={steps[place] ?? 0} /> · {costWords(difference, unit)}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {differences.length > 1 && <p class="facts-note">{words().differencesNote}</p>}
    </section>
  );
}

/** "0:07.20 / 0:09.33": where a tap leads. */
function Times({ pair: { track, results }, step }: { pair: Pair; step: number }) {
  const [inFirst, inSecond] = sideNames.map((name) => formatClock(results[name].timesS[track.frames[name][step] ?? 0] ?? 0));
  return (
    <>
      <span aria-hidden="true">
        {inFirst} / {inSecond}
      </span>
      <span class="visually-hidden">{words().jumpTo(inFirst ?? "", inSecond ?? "")}</span>
    </>
  );
}
