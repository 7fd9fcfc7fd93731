import "./facts.css";

import { fixedWords, numberWords } from "../../lib/terms.ts";
import type { Result } from "./result.ts";
import { words } from "./words.ts";

/** Figures of the run, by name with unit, as the API keeps them beside the result. */
export type Figures = Readonly<Record<string, unknown>>;

/** What was analyzed, how well, and by what. */
export function Summary({ result, figures }: { result: Result; figures: Figures }) {
  const { facts } = result;
  const [seen, filled, repaired] = [result.person, result.interpolated, result.sidesRepaired].map(total) as [number, number, number];
  const stored: Figures = facts.summary;
  const figure = (name: string) => {
    const value = figures[name] ?? stored[name];
    return typeof value === "number" ? value : null;
  };
  const share = percent(seen / result.frameCount);
  const confidence = figure("mean_visibility");
  const framesPerS = figure("frames_per_s");
  const { analysis, analysisNote, analysisFilled, analysisRepaired, rows: say } = words();
  const rows: [string, string][] = [
    [say.frames, say.framesIn(result.frameCount, fixedWords(facts.video.duration_s, 1))],
    [say.seen, say.seenIn(share)],
    ...(confidence === null ? [] : [[say.confidence, say.confidenceIs(Math.round(confidence * 100))] as [string, string]]),
    ...(filled === 0 ? [] : [[say.filled, say.filledIn(percent(filled / (33 * Math.max(1, seen))))] as [string, string]]),
    ...(repaired === 0 ? [] : [[say.repaired, say.repairedIn(repaired)] as [string, string]]),
    [say.picture, `${facts.video.width_px} × ${facts.video.height_px} px, ${say.framesPerS(fixedWords(facts.video.fps, facts.video.fps % 1 === 0 ? 0 : 2))}`],
    ...(framesPerS === null ? [] : [[say.speed, say.framesPerS(fixedWords(framesPerS, 1))] as [string, string]]),
    [say.model, facts.model.name],
  ];
  return (
    <section class="facts">
      <h2>{analysis}</h2>
      <dl data-testid="summary">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="facts-note">
        {analysisNote}
        {filled > 0 && analysisFilled}
        {repaired > 0 && analysisRepaired}
      </p>
    </section>
  );
}

function total(flags: Float64Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}

/** 0.995 -> "99.5 %" */
function percent(share: number): string {
  return `${numberWords(Math.round(1000 * share) / 10)} %`;
}
