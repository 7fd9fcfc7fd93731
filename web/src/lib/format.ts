import { platformNow } from "./clock.ts";
import { dateFormat, numberFormat, relativeFormat } from "./formats.ts";
import { language, type Language } from "./language.ts";

const byteUnits: Record<Language, readonly [string, ...string[]]> = { en: ["B", "kB", "MB", "GB"], fr: ["o", "ko", "Mo", "Go"] };

/** 5_242_880 -> "5.2 MB", in French "5,2 Mo" (decimal units, as phones and file managers show them), on one line. */
export function formatBytes(bytes: number): string {
  const [least, ...units] = byteUnits[language.get()];
  if (bytes < 1000) return `${bytes}\u00a0${least}`;
  let value = bytes;
  let unit = least;
  for (const next of units) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  const decimals = value < 10 ? 1 : 0;
  return `${numberFormat({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value)}\u00a0${unit}`;
}

/** 83.456 -> "1:23.46"; for positions in a clip. */
export function formatClock(seconds: number): string {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const minutes = Math.floor(hundredths / 6000);
  const rest = (hundredths % 6000) / 100;
  return `${minutes}:${rest.toFixed(2).padStart(5, "0")}`;
}

/** 83 -> "1 min 23 s"; for waiting times and lengths. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const units: [number, string][] = whole < 3600 ? [[Math.floor(whole / 60), "min"], [whole % 60, "s"]] : [[Math.floor(whole / 3600), "h"], [Math.floor((whole % 3600) / 60), "min"]];
  return units.flatMap(([count, unit]) => (count === 0 ? [] : `${count} ${unit}`)).join(" ");
}

const justNow: Record<Language, string> = { en: "just now", fr: "à l’instant" };

/** "just now", "12 minutes ago", else the date in the reader's language. */
export function formatWhen(iso: string, now: Date = platformNow()): string {
  const minutes = Math.round((now.getTime() - new Date(iso).getTime()) / 60_000);
  if (minutes < 1) return justNow[language.get()];
  const relative = relativeFormat({ numeric: "auto" });
  if (minutes < 60) return relative.format(-minutes, "minute");
  if (minutes < 24 * 60) return relative.format(-Math.round(minutes / 60), "hour");
  return dateFormat({ day: "numeric", month: "short", year: "numeric" }).format(new Date(iso));
}

/** "6 December 2026": a day to be remembered. */
export function formatDay(iso: string): string {
  return dateFormat({ day: "numeric", month: "long", year: "numeric" }).format(new Date(iso));
}

/** Their names, January first. */
export function months(): string[] {
  const named = dateFormat({ month: "long", timeZone: "UTC" });
  return Array.from({ length: 12 }, (_, month) => named.format(Date.UTC(2026, month)));
}

/** How long until then: "in 3 hours", "in 20 minutes"; null where that is over. Rounded down: nobody comes too late. */
export function formatRemaining(iso: string, now: Date = platformNow()): string | null {
  const minutes = Math.floor((new Date(iso).getTime() - now.getTime()) / 60_000);
  if (minutes < 1) return null;
  const relative = relativeFormat({});
  return minutes < 120 ? relative.format(minutes, "minute") : relative.format(Math.floor(minutes / 60), "hour");
}

/** "18:30" today, else with its day; for a moment to come. */
export function formatClockTime(iso: string, now: Date = platformNow()): string {
  const at = new Date(iso);
  const time = { hour: "numeric", minute: "2-digit" } as const;
  if (at.toDateString() === now.toDateString()) return dateFormat(time).format(at);
  return dateFormat({ day: "numeric", month: "short", ...time }).format(at);
}
