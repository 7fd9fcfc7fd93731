import "./coach.css";

import { useState } from "preact/hooks";

import { RetryIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { Soon } from "../../components/soon.tsx";
import { Advice } from "./advice.tsx";
import { Axes } from "./axes.tsx";
import { outcomeWords } from "../../lib/terms.ts";
import { useCoaching, type AttemptRead } from "./coaching.ts";
import { MeasuresTable } from "./measures-table.tsx";
import { Moves } from "./moves.tsx";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { words } from "./words.ts";

interface Props {
  analysisId: string;
  result: Result;
  playback: Playback;
  onJump: (frame: number) => void;
}

/** What a coach would say, and what it rests on. Without anything to say of it, only the moves are listed. */
export function Coach({ analysisId, result, playback, onJump }: Props) {
  const { coaching, again } = useCoaching(analysisId, result);
  const { adviceWaiting, adviceNobody } = words();
  const [chosen, setChosen] = useState(0);
  const { climb } = result.facts;
  if (climb == null) return null; // the timeline says why
  const attempts = coaching.state === "ready" ? coaching.value.attempts : [];
  const attempt = attempts[chosen] ?? attempts[0];
  return (
    <div class="coach" data-testid="coach" aria-busy={coaching.state === "loading"}>
      {coaching.state === "loading" && <p class="facts coach-waiting">{coaching.trouble ?? adviceWaiting}</p>}
      {coaching.state === "failed" && <Failed reason={coaching.reason} onRetry={again} />}
      {coaching.state === "ready" && attempt === undefined && <p class="facts facts-note">{adviceNobody}</p>}
      {attempts.length > 1 && <AttemptChoice attempts={attempts} chosen={chosen} onChoose={setChosen} />}
      {attempt !== undefined && (
        <>
          <Advice advice={attempt.advice} onJump={onJump} />
          <Soon>
            <Axes score={attempt.score} />
          </Soon>
        </>
      )}
      <Soon>
        <Moves result={result} climb={climb} playback={playback} onJump={onJump} />
      </Soon>
      {attempt !== undefined && (
        <Soon>
          <MeasuresTable measures={attempt.measures} />
        </Soon>
      )}
    </div>
  );
}

function Failed({ reason, onRetry }: { reason: string; onRetry: () => void }) {
  return (
    <div class="player-stopped">
      <Notice kind="info" testId="coach-failed">
        {words().adviceFailed(reason)}
      </Notice>
      <button type="button" class="button" onClick={onRetry}>
        <RetryIcon /> {words().again}
      </button>
    </div>
  );
}

function AttemptChoice({ attempts, chosen, onChoose }: { attempts: readonly AttemptRead[]; chosen: number; onChoose: (index: number) => void }) {
  return (
    <div class="layers" role="group" aria-label={words().attempt}>
      {attempts.map(({ span, outcome }, index) => (
        <button key={span.start_frame} type="button" class="layer" aria-pressed={index === chosen} onClick={() => onChoose(index)} data-testid="attempt">
          {index + 1}: {outcomeWords(outcome)}
        </button>
      ))}
    </div>
  );
}
