import { dotsOf, type Dot } from "./chart.ts";

const height = 40;

interface Props {
  shares: readonly number[];
  values: readonly (number | null)[];
  range: readonly [number, number];
  /** Read out in place of the picture. */
  label: string;
  /** Lines across, by value. */
  grid?: readonly number[];
  best?: number | null;
}

/** Dots joined by a line; the last one is filled, the best one ringed. */
export function Spark({ shares, values, range, label, grid = [], best = null }: Props) {
  const dots = dotsOf(shares, values, range, height);
  const known = values.filter((value) => value !== null);
  const lineAt = (value: number) => dotsOf([0], [value], range, height)[0]?.y ?? 0;
  return (
    <div class="spark" role="img" aria-label={label}>
      <svg viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {grid.map((value) => (
          <line key={value} class="spark-grid" x1={0} x2={100} y1={lineAt(value)} y2={lineAt(value)} />
        ))}
        <polyline class="spark-line" points={dots.map(({ x, y }) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" ")} />
      </svg>
      {dots.map((dot, index) => (
        <span key={index} class="spark-dot" data-last={index === dots.length - 1} data-best={best !== null && known[index] === best} style={placed(dot)} />
      ))}
    </div>
  );
}

function placed({ x, y }: Dot): { left: string; top: string } {
  return { left: `${x.toFixed(2)}%`, top: `${((100 * y) / height).toFixed(2)}%` };
}
