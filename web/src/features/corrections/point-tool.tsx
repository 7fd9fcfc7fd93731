import { useStore } from "../../lib/use-store.ts";
import { landmarkWords } from "../../lib/terms.ts";
import type { Bench } from "../player/workbench.ts";
import type { Work } from "./work.ts";
import { words } from "./words.ts";

/** Which point of the body a press means. */
export function PointTool({ bench: { result, playback }, work: { landmark, setLandmark } }: { bench: Bench; work: Work }) {
  const { pointHow, pointNobody, pointChoice } = words();
  const frame = useStore(playback.frame);
  return (
    <>
      <p class="work-words" aria-live="polite" data-testid="work-words">
        {result.person[frame] === 1 ? pointHow : pointNobody}
      </p>
      <select class="work-choice" aria-label={pointChoice} value={landmark} onChange={(event) => setLandmark(event.currentTarget.value)} data-testid="landmark">
        {result.facts.landmarks.map((name) => (
          <option key={name} value={name}>
            {landmarkWords(name)}
          </option>
        ))}
      </select>
    </>
  );
}
