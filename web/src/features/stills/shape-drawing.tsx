import { angleDeg, headOf, type Point, type Shape } from "./shapes.ts";

interface Props {
  shapes: readonly Shape[];
  /** Of the picture, in its own pixels. */
  width: number;
  height: number;
}

/** Dark around every line: it is seen on any wall. */
const halo = "#161311";

/** How thick a line is, in the picture's pixels. */
export function strokeOf({ width, height }: { width: number; height: number }): number {
  return Math.max(width, height) / 180;
}

/** All that is drawn. Everything that it looks like stands in it: it is also made into a picture of its own, away from the page's styles. */
export function ShapeDrawing({ shapes, width, height }: Props) {
  const stroke = strokeOf({ width, height });
  return (
    <>
      {shapes.map((shape, index) => (
        <g key={index} fill="none" stroke-linecap="round" stroke-linejoin="round" data-tool={shape.tool}>
          {shape.tool === "text" ? (
            <Label at={shape.points[0] ?? [0, 0]} text={shape.text ?? ""} color={shape.color} stroke={stroke} />
          ) : (
            <Lines shape={shape} stroke={stroke} />
          )}
        </g>
      ))}
    </>
  );
}

function Lines({ shape, stroke }: { shape: Shape; stroke: number }) {
  const d = wayOf(shape, stroke);
  return (
    <>
      <path d={d} stroke={halo} stroke-width={stroke * 1.9} opacity={0.75} />
      <path d={d} stroke={shape.color} stroke-width={stroke} />
      {shape.tool === "angle" && isTriple(shape.points) && (
        <Label at={besideCorner(shape.points, stroke)} text={`${Math.round(angleDeg(shape.points))}°`} color={shape.color} stroke={stroke} isMiddle />
      )}
      {shape.points.length === 1 && <circle cx={shape.points[0]?.[0]} cy={shape.points[0]?.[1]} r={stroke * 1.6} fill={shape.color} stroke={halo} stroke-width={stroke * 0.5} />}
    </>
  );
}

function Label({ at, text, color, stroke, isMiddle = false }: { at: Point; text: string; color: string; stroke: number; isMiddle?: boolean }) {
  return (
    <text
      x={at[0]}
      y={at[1]}
      fill={color}
      stroke={halo}
      stroke-width={stroke * 0.9}
      stroke-linejoin="round"
      paint-order="stroke"
      font-family="system-ui, sans-serif"
      font-weight="700"
      font-size={stroke * 6.5}
      dominant-baseline="middle"
      text-anchor={isMiddle ? "middle" : "start"}
    >
      {text}
    </text>
  );
}

function wayOf({ tool, points }: Shape, stroke: number): string {
  const [a, b] = points;
  if (a === undefined || b === undefined) return "";
  if (tool === "circle") {
    const r = Math.hypot(b[0] - a[0], b[1] - a[1]);
    return `M${place([a[0] - r, a[1]])}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  }
  const way = through(points);
  if (tool === "arrow") {
    const [left, right] = headOf([a, b], stroke * 6);
    return `${way}${through([left, b, right])}`;
  }
  return tool === "angle" && isTriple(points) ? `${way}${arcOf(points, stroke * 6)}` : way;
}

function through(points: readonly Point[]): string {
  return points.map((point, index) => `${index === 0 ? "M" : "L"}${place(point)}`).join("");
}

/** From arm to arm, on the side that is measured. */
function arcOf([a, corner, b]: readonly [Point, Point, Point], radius: number): string {
  const [first, second] = [a, b].map(([x, y]) => Math.atan2(y - corner[1], x - corner[0])) as [number, number];
  const on = (direction: number): Point => [corner[0] + radius * Math.cos(direction), corner[1] + radius * Math.sin(direction)];
  const isClockwise = Math.sin(second - first) > 0;
  return `M${place(on(first))}A${radius} ${radius} 0 0 ${isClockwise ? 1 : 0} ${place(on(second))}`;
}

/** Where the number of an angle stands: between its arms. */
function besideCorner([a, corner, b]: readonly [Point, Point, Point], stroke: number): Point {
  const unit = ([x, y]: Point): Point => {
    const length = Math.hypot(x - corner[0], y - corner[1]) || 1;
    return [(x - corner[0]) / length, (y - corner[1]) / length];
  };
  const [[ax, ay], [bx, by]] = [unit(a), unit(b)];
  const length = Math.hypot(ax + bx, ay + by);
  const [x, y] = length < 0.05 ? [-ay, ax] : [(ax + bx) / length, (ay + by) / length];
  return [corner[0] + x * stroke * 11, corner[1] + y * stroke * 11];
}

function isTriple(points: readonly Point[]): points is readonly [Point, Point, Point] {
  return points.length === 3;
}

function place([x, y]: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
