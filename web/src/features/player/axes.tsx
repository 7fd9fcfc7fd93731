import { axisReasonWords, axisWords, measureWords, percentWords } from "../../lib/terms.ts";
import type { AttemptRead } from "./coaching.ts";
import { words } from "./words.ts";

type Axis = AttemptRead["score"]["axes"][number];

/** Six axes as bars: lengths side by side compare at a glance, and say their number and their doubts. */
export function Axes({ score }: { score: AttemptRead["score"] }) {
  const { axes, axesNone, axesOf, axesNote, axisSure } = words();
  return (
    <section class="facts axes" data-testid="axes">
      <h2>{axes}</h2>
      <p class="axes-score">
        {score.value === null ? (
          axesNone
        ) : (
          <>
            <strong>{Math.round(score.value)}</strong> {axesOf} · {axisSure(percentWords(score.confidence))}
          </>
        )}
      </p>
      <ul>
        {score.axes.map((axis) => (
          <AxisBar key={axis.axis} axis={axis} />
        ))}
      </ul>
      <p class="facts-note">{axesNote}</p>
    </section>
  );
}

function AxisBar({ axis: { axis, value, confidence, weight, weak, reason, missing } }: { axis: Axis }) {
  const { axisSure, axisShare, axisWeak, axisWithout } = words();
  return (
    <li data-axis={axis}>
      <span class="axis-name">{axisWords(axis)}</span>
      <span class="axis-value">{value === null ? "–" : Math.round(value)}</span>
      <span class="axis-bar" aria-hidden="true" data-known={value !== null}>
        {value !== null && <span style={{ width: `${value.toFixed(1)}%`, opacity: 0.45 + 0.55 * confidence }} />}
      </span>
      <span class="axis-note">
        {value === null ? axisReasonWords(reason ?? "") : axisSure(percentWords(confidence))}
        {` · ${axisShare(percentWords(weight))}`}
        {weak && ` · ${axisWeak}`}
        {value !== null && missing.length > 0 && ` · ${axisWithout(missing.map((name) => measureWords(name).toLowerCase()).join(", "))}`}
      </span>
    </li>
  );
}
