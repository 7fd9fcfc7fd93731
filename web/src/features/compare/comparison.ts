/** What the API says of two attempts beside each other; second minus first, frames half-open. */

import type { MethodResponse } from "openapi-fetch";

import type { api } from "../../lib/api.ts";

export type Comparison = MethodResponse<typeof api, "get", "/api/v1/comparisons/{comparison_id}">;
export type ComparisonBrief = MethodResponse<typeof api, "get", "/api/v1/comparisons">["items"][number];
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

export function isUnderWay({ state }: Pick<Comparison, "state">): boolean {
  return state === "queued" || state === "processing";
}
