import { ProgressBar } from "../../components/progress-bar.tsx";
import { fixedWords } from "../../lib/terms.ts";
import { useNow } from "../../lib/use-now.ts";
import type { Analysis } from "./state.ts";
import { minutesLeft } from "./time-left.ts";
import { stageOf, words } from "./words.ts";

const tickMs = 5_000;

/** Stage, percent, speed and time left of a running analysis. */
export function Progress({ analysis, figures }: { analysis: Analysis; figures: Record<string, number> | undefined }) {
  const framesPerS = figures?.["frames_per_s"];
  const left = minutesLeft(analysis, useNow(tickMs));
  const isQueued = analysis.state === "queued";
  return (
    <div class="progress" data-testid="progress" data-percent={analysis.progress_pct}>
      <div class="progress-words">
        <span>{stageOf(analysis)}</span>
        <span class="progress-figures">
          {left !== null && <span data-testid="time-left">{words().timeLeft(...left)}</span>}
          {framesPerS !== undefined && <span>{words().framesPerS(fixedWords(framesPerS, framesPerS < 10 ? 1 : 0))}</span>}
          {!isQueued && <strong>{analysis.progress_pct} %</strong>}
        </span>
      </div>
      <ProgressBar label={words().analysisOf(analysis.video.file_name)} percent={isQueued ? null : analysis.progress_pct} />
    </div>
  );
}
