/** What the API says of two attempts beside each other; second minus first, frames half-open. */

import type { MethodResponse } from "openapi-fetch";

import type { api } from "../../lib/api.ts";

export type Comparison = MethodResponse<typeof api, "get", "/api/v1/comparisons/{comparison_id}">;
export type ComparisonBrief = MethodResponse<typeof api, "get", "/api/v1/comparisons">["items"][number];
export type ComparedSide = Comparison["first"];
export type Compared = NonNullable<Comparison["result"]>;
export type Difference = Compared["differences"][number];
export type Section = Compared["sections"][number];
export type ComparedMeasure = Compared["measures"][number];
export type Headline = Compared["headline"];
export type SharedHold = Compared["holds"][number];
export type Unit = Compared["unit"];

/** One of the two; everything that there is twice is named by it. */
export type SideName = "first" | "second";
export const sideNames: readonly SideName[] = ["first", "second"];

/** Where one of the two is at home: a climb of one's own, or whom one coaches. */
export function homeOf({ first, second }: Pick<ComparisonBrief, "first" | "second">): string {
  const own = [second, first].find(({ climber }) => climber === null);
  return own === undefined ? "/climbers" : `/climbs/${own.analysis_id}`;
}

/** Where another one is chosen. */
export function chooserOf(sides: Pick<ComparisonBrief, "first" | "second">): string {
  const home = homeOf(sides);
  return home === "/climbers" ? home : `${home}/compare`;
}

export function isUnderWay({ state }: Pick<Comparison, "state">): boolean {
  return state === "queued" || state === "processing";
}
