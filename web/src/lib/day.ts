/** Today as "2026-11-23", where the reader is. */
export function today(now: Date = new Date()): string {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** The time zone whose days the reader counts. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

const dayMs = 24 * 3600 * 1000;

/** Days until then; a part of a day is one. */
export function daysUntil(at: string, now: Date): number {
  return Math.max(0, Math.ceil((Date.parse(at) - now.getTime()) / dayMs));
}
