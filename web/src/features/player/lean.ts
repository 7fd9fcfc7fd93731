/** How far a wall leans, as people say it and as the API takes it. */

export type LeanWay = "over" | "away";

export interface LeanEntry {
  /** Degrees as typed. */
  text: string;
  /** Over the climber, or away from them: a slab. */
  way: LeanWay;
}

/** What the API takes. */
export const mostDeg: Record<LeanWay, number> = { over: 90, away: 60 };

/** Degrees over the climber, below 0 on a slab, to a tenth. null: nothing typed. "bad": no such angle. */
export function leanOf({ text, way }: LeanEntry): number | "bad" | null {
  if (text.trim() === "") return null;
  const degrees = Math.round(Number(text.trim().replace("°", "").replace(",", ".")) * 10) / 10;
  if (!(degrees >= 0 && degrees <= mostDeg[way])) return "bad";
  return way === "over" || degrees === 0 ? degrees : -degrees;
}

export function leanEntryOf(overhangDeg: number | null): LeanEntry {
  return { text: overhangDeg === null ? "" : String(Math.abs(overhangDeg)), way: (overhangDeg ?? 0) < 0 ? "away" : "over" };
}
