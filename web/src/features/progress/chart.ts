/** Where the dots of a small chart lie: x by date or by order, y by value. */

export interface Dot {
  x: number;
  y: number;
}

const dayMs = 86_400_000;

/** Shares of the width by date, from the first to the last day; a single one lies in the middle. */
export function dateShares(days: readonly string[]): number[] {
  const times = days.map((day) => Date.parse(`${day}T00:00:00Z`) / dayMs);
  const [least, most] = [Math.min(...times), Math.max(...times)];
  return times.map((time) => (most === least ? 0.5 : (time - least) / (most - least)));
}

/** Shares of the width in equal steps. */
export function orderShares(count: number): number[] {
  return Array.from({ length: count }, (_, index) => (count === 1 ? 0.5 : index / (count - 1)));
}

/** Dots in a box of 100 x `height`, `range` from its bottom to its top; null values have none. */
export function dotsOf(shares: readonly number[], values: readonly (number | null)[], [least, most]: readonly [number, number], height: number): Dot[] {
  const span = most - least;
  return values.flatMap((value, index) => (value === null ? [] : [{ x: 100 * (shares[index] ?? 0), y: height * (span === 0 ? 0.5 : 1 - (value - least) / span) }]));
}

/** From the least to the most of what is known, with a tenth of room; null: nothing is known. */
export function rangeOf(values: readonly (number | null)[]): [number, number] | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const room = (most - least) / 10;
  return [least - room, most + room];
}
