import "./facts.css";

import type { Result } from "./result.ts";

/** Figures of the run, by name with unit, as the API keeps them beside the result. */
export type Figures = Readonly<Record<string, unknown>>;

/** What was analyzed, how well, and by what. */
export function Summary({ result, figures }: { result: Result; figures: Figures }) {
  const { facts } = result;
  const [seen, filled, repaired] = [result.person, result.interpolated, result.sidesRepaired].map(total) as [number, number, number];
  const figure = (name: string) => {
    const value = figures[name] ?? facts.summary[name];
    return typeof value === "number" ? value : null;
  };
  const share = percent(seen / result.frameCount);
  const confidence = figure("mean_visibility");
  const framesPerS = figure("frames_per_s");
  const rows: [string, string][] = [
    ["Frames analyzed", `${result.frameCount} in ${facts.video.duration_s.toFixed(1)} s`],
    ["Climber seen", `in ${share} of them`],
    ...(confidence === null ? [] : [["Confidence", `${Math.round(confidence * 100)} % on average`] as [string, string]]),
    ...(filled === 0 ? [] : [["Filled in", `${percent(filled / (33 * Math.max(1, seen)))} of the places`] as [string, string]]),
    ...(repaired === 0 ? [] : [["Left and right put back", `in ${repaired} ${repaired === 1 ? "frame" : "frames"}`] as [string, string]]),
    ["Picture", `${facts.video.width_px} × ${facts.video.height_px} px, ${facts.video.fps.toFixed(facts.video.fps % 1 === 0 ? 0 : 2)} frames/s`],
    ...(framesPerS === null ? [] : [["Analysis speed", `${framesPerS.toFixed(1)} frames/s`] as [string, string]]),
    ["Model", facts.model.name],
  ];
  return (
    <section class="facts">
      <h2>This analysis</h2>
      <dl data-testid="summary">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="facts-note">
        Dashed lines are the model’s guesses where a limb was hidden. No angle is measured there.
        {filled > 0 && " Thin lines are filled in between two moments that saw the limb."}
        {repaired > 0 && " Marks on the time bar: left and right came exchanged and were put back."}
      </p>
    </section>
  );
}

function total(flags: Float64Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}

/** 0.995 -> "99.5 %" */
function percent(share: number): string {
  return `${(100 * share).toFixed(1).replace(/\.0$/, "")} %`;
}
