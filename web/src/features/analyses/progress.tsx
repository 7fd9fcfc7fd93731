import { ProgressBar } from "../../components/progress-bar.tsx";
import { fixedWords } from "../../lib/terms.ts";
import type { Analysis } from "./state.ts";
import { stageOf, words } from "./words.ts";

/** Stage, percent and speed of a running analysis. */
export function Progress({ analysis, figures }: { analysis: Analysis; figures: Record<string, number> | undefined }) {
  const framesPerS = figures?.["frames_per_s"];
  const isQueued = analysis.state === "queued";
  return (
    <div class="progress" data-testid="progress" data-percent={analysis.progress_pct}>
      <div class="progress-words">
        <span>{stageOf(analysis)}</span>
        <span class="progress-figures">
          {framesPerS !== undefined && <span>{words().framesPerS(fixedWords(framesPerS, framesPerS < 10 ? 1 : 0))}</span>}
          {!isQueued && <strong>{analysis.progress_pct} %</strong>}
        </span>
      </div>
      <ProgressBar label={words().analysisOf(analysis.video.file_name)} percent={isQueued ? null : analysis.progress_pct} />
    </div>
  );
}
