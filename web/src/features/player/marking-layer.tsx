import "./marking.css";

import type { Marking } from "./marking.ts";
import { ordered, wanted, type Marks } from "./marks.ts";
import { PointsLayer, type Size, type Spot } from "./points-layer.tsx";
import { words } from "./words.ts";

interface Props {
  /** The displayed frame. */
  picture: Size;
  marking: Marking;
  /** The moment on screen. */
  atS: number;
  /** The marks are of this picture, and it has a place on the wall. */
  canMark: boolean;
}

/** Over the picture: a press sets a point, near one it takes it. */
export function MarkingLayer({ picture, marking, atS, canMark }: Props) {
  const { places, shape } = marking.marks;
  const spots = places.map((place, index): Spot => ({
    place,
    label: words().marking.point(index + 1, wanted[shape]),
    testId: `point-${index + 1}`,
    kind: "mark",
  }));
  return (
    <PointsLayer
      picture={picture}
      spots={canMark ? spots : []}
      label={words().marking.points}
      testId="marking"
      isOff={!canMark}
      onMove={(index, place, change) => marking.put(places.with(index, place), atS, change)}
      onElsewhere={(place, change) => {
        if (places.length >= wanted[shape]) return null;
        marking.put([...places, place], atS, change);
        return places.length;
      }}
    >
      {canMark && <MarksShape picture={picture} marks={marking.marks} />}
    </PointsLayer>
  );
}

/** The line or the rectangle, without anything to take hold of. */
export function MarksShape({ picture, marks }: { picture: Size; marks: Marks }) {
  const points = ordered(marks)
    .map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(" ");
  const Line = marks.places.length > 2 ? "polygon" : "polyline";
  return (
    <svg class="marking-shape" viewBox={`0 0 ${picture.width} ${picture.height}`} preserveAspectRatio="none" aria-hidden="true" data-testid="marked">
      <Line class="marking-shade" points={points} />
      <Line class="marking-line" points={points} />
    </svg>
  );
}
