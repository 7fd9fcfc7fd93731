import type { Analysis } from "./state.ts";

const leastPercent = 10;
const leastElapsedS = 10;
/** The last steps take longer than their share, and other work comes between. */
const [fastest, slowest] = [0.8, 1.6];

/** Whole minutes that a running analysis will still take, at least and at most; null: nobody can tell yet. */
export function minutesLeft(analysis: Pick<Analysis, "state" | "started_at" | "progress_pct">, now: Date): [number, number] | null {
  const { started_at, progress_pct } = analysis;
  if (analysis.state !== "processing" || started_at === null || progress_pct < leastPercent || progress_pct >= 100) return null;
  const elapsedS = (now.getTime() - Date.parse(started_at)) / 1000;
  if (elapsedS < leastElapsedS) return null;
  const leftMin = ((elapsedS / progress_pct) * (100 - progress_pct)) / 60;
  return [Math.floor(fastest * leftMin), Math.ceil(slowest * leftMin)];
}
