/** Days as "2026-11-23"; months as the first of them. No time zone: a day is what the reader calls it. */

const msPerDay = 86_400_000;

const utc = (day: string) => Date.parse(`${day}T00:00:00Z`);
const written = (ms: number) => new Date(ms).toISOString().slice(0, 10);

export const addDays = (day: string, count: number) => written(utc(day) + count * msPerDay);

export function addMonths(day: string, count: number): string {
  const date = new Date(utc(day));
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count + 1, 0)).getUTCDate();
  return written(first + (Math.min(date.getUTCDate(), last) - 1) * msPerDay);
}

export const firstOf = (day: string) => `${day.slice(0, 8)}01`;

export const lastOf = (day: string) => addDays(firstOf(addMonths(firstOf(day), 1)), -1);

/** Monday 0 to Sunday 6. */
export const weekdayOf = (day: string) => (new Date(utc(day)).getUTCDay() + 6) % 7;

/** The weeks of a month from Monday on; null: a day of another month. */
export function weeksOf(month: string): (string | null)[][] {
  const [first, last] = [firstOf(month), lastOf(month)];
  const weeks: (string | null)[][] = [];
  for (let monday = addDays(first, -weekdayOf(first)); monday <= last; monday = addDays(monday, 7)) {
    weeks.push(Array.from({ length: 7 }, (_, weekday) => addDays(monday, weekday)).map((day) => (day < first || day > last ? null : day)));
  }
  return weeks;
}

/** Where a key leads from a day, as in calendars everywhere; null: nowhere. */
export function stepOf(key: string, day: string): string | null {
  switch (key) {
    case "ArrowLeft":
      return addDays(day, -1);
    case "ArrowRight":
      return addDays(day, 1);
    case "ArrowUp":
      return addDays(day, -7);
    case "ArrowDown":
      return addDays(day, 7);
    case "Home":
      return addDays(day, -weekdayOf(day));
    case "End":
      return addDays(day, 6 - weekdayOf(day));
    case "PageUp":
      return addMonths(day, -1);
    case "PageDown":
      return addMonths(day, 1);
    default:
      return null;
  }
}
