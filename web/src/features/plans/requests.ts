import type { components } from "../../client.gen.ts";
import { answer, api } from "../../lib/api.ts";
import { language } from "../../lib/language.ts";

export type Plan = components["schemas"]["PlanRead"];
export type Offer = components["schemas"]["PlanOffer"];
export type Tier = Plan["tier"];
export type PaidTier = Exclude<Tier, "free">;

export const tiers: readonly Tier[] = ["free", "premium", "infinity"];

export function loadPlan(signal: AbortSignal): Promise<Plan> {
  return answer(api.GET("/api/v1/users/me/plan", { signal }));
}

/** `password`: for more, which is charged; null: a passkey was shown, or nothing is. */
export function changePlan(plan: Tier, password: string | null): Promise<Plan> {
  return answer(api.PUT("/api/v1/users/me/plan", { body: { plan, password } }));
}

/** Leaves for the payment service, which sends people back to their account. */
export async function buy(plan: PaidTier): Promise<void> {
  location.assign((await answer(api.POST("/api/v1/users/me/plan/checkout", { body: { plan, language: language.get() } }))).url);
}

export async function openPortal(password: string | null): Promise<void> {
  location.assign((await answer(api.POST("/api/v1/users/me/plan/portal", { body: { password, language: language.get() } }))).url);
}
