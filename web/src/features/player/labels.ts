/** Where the numbers of the angles go: beside their joint, never on top of each other. */

export interface Box {
  x: number;
  y: number;
  halfWidth: number;
  halfHeight: number;
}

/** Turns from the wished direction that are tried in this order, in radians. */
const turns = [0, 0.6, -0.6, 1.2, -1.2, 1.9, -1.9, Math.PI];
const distances = [1, 1.8, 3];

/**
 * A box near `anchor` that overlaps none of `taken` and lies inside the picture; the wished place where none is free.
 * `reach` is the space to leave around the anchor, all lengths in canvas pixels.
 */
export function placeLabel(
  anchor: readonly [number, number],
  direction: number,
  reach: number,
  size: { halfWidth: number; halfHeight: number },
  taken: readonly Box[],
  picture: { width: number; height: number },
): Box {
  const candidates = distances.flatMap((distance) => turns.map((turn) => boxAt(anchor, direction + turn, reach * distance, size)));
  const free = candidates.find((box) => isInside(box, picture) && !taken.some((other) => overlaps(box, other)));
  return free ?? boxAt(anchor, direction, reach, size);
}

function boxAt([x, y]: readonly [number, number], direction: number, reach: number, size: { halfWidth: number; halfHeight: number }): Box {
  return {
    x: x + Math.cos(direction) * (reach + size.halfWidth),
    y: y + Math.sin(direction) * (reach + size.halfHeight),
    ...size,
  };
}

function overlaps(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < a.halfWidth + b.halfWidth && Math.abs(a.y - b.y) < a.halfHeight + b.halfHeight;
}

function isInside(box: Box, { width, height }: { width: number; height: number }): boolean {
  return box.x >= box.halfWidth && box.y >= box.halfHeight && box.x <= width - box.halfWidth && box.y <= height - box.halfHeight;
}
