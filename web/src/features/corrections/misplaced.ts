/**
 * The id of the correction that does not fit: the API counts them from 1 in their order (docs/guides/corrections.md).
 * Failures from before it did name none: then it is the newest, since the older ones fitted before it came.
 */
export function misplaced(items: readonly { id: string }[], detail: string): string | null {
  const number = /^Correction (?<number>\d+) /.exec(detail)?.groups?.["number"];
  const named = number === undefined ? undefined : items[Number(number) - 1];
  return (named ?? items.at(-1))?.id ?? null;
}
