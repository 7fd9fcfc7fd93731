import { axisReasonWords, axisWords, measureWords, percentWords } from "../../lib/terms.ts";
import type { AttemptRead } from "./coaching.ts";

type Axis = AttemptRead["score"]["axes"][number];

/** Six axes as bars: lengths side by side compare at a glance, and say their number and their doubts. */
export function Axes({ score }: { score: AttemptRead["score"] }) {
  return (
    <section class="facts axes" data-testid="axes">
      <h2>Six axes</h2>
      <p class="axes-score">
        {score.value === null ? (
          "Too little was measured for a score."
        ) : (
          <>
            <strong>{Math.round(score.value)}</strong> of 100 · {percentWords(score.confidence)} sure
          </>
        )}
      </p>
      <ul>
        {score.axes.map((axis) => (
          <AxisBar key={axis.axis} axis={axis} />
        ))}
      </ul>
      <p class="facts-note">The limits are ours: compare with yourself, not with others.</p>
    </section>
  );
}

function AxisBar({ axis: { axis, value, confidence, weight, weak, reason, missing } }: { axis: Axis }) {
  return (
    <li data-axis={axis}>
      <span class="axis-name">{axisWords(axis)}</span>
      <span class="axis-value">{value === null ? "–" : Math.round(value)}</span>
      <span class="axis-bar" aria-hidden="true" data-known={value !== null}>
        {value !== null && <span style={{ width: `${value.toFixed(1)}%`, opacity: 0.45 + 0.55 * confidence }} />}
      </span>
      <span class="axis-note">
        {value === null ? axisReasonWords(reason ?? "") : `${percentWords(confidence)} sure`}
        {` · ${percentWords(weight)} of the score`}
        {weak && " · hardly visible in a video"}
        {value !== null && missing.length > 0 && ` · without ${missing.map((name) => measureWords(name).toLowerCase()).join(", ")}`}
      </span>
    </li>
  );
}
