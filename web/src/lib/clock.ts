/**
 * The platform's clock: "12 minutes ago" and "removed in 3 hours" count moments that it wrote down, and a phone's own
 * clock may be wrong by an hour or a day. How far, each answer of the API tells.
 */

/** Answers take their time and tell whole seconds: a clock this near is right. */
const nearMs = 60_000;
let aheadMs = 0;

/** `date`: the header of an answer that came just now; null where there is none to be read. */
export function noteDate(date: string | null, receivedMs: number = Date.now()): void {
  const toldMs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(toldMs)) return;
  const offMs = receivedMs - toldMs;
  aheadMs = Math.abs(offMs) < nearMs ? 0 : offMs;
}

/** What time it is there. */
export function platformNow(): Date {
  return new Date(Date.now() - aheadMs);
}
