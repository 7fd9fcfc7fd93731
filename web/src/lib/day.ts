/** Today as "2026-11-23", where the reader is. */
export function today(now: Date = new Date()): string {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** The time zone whose days the reader counts. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
