import { answer, api } from "./api.ts";
import { dateFormat } from "./formats.ts";
import { session, type User } from "./session.ts";
import { words } from "./words.ts";

/** The account as it is now: the quota changes with every analysis. */
export async function reloadUser(): Promise<User> {
  const user = await answer(api.GET("/api/v1/users/me"));
  if (session.get().state === "in") session.set({ state: "in", user });
  return user;
}

/** The day on which the month's analyses start over, in words. It is counted in UTC. */
export function resetDay(user: User): string {
  return dateFormat({ day: "numeric", month: "long", timeZone: "UTC" }).format(new Date(user.quota.resets_at)).replace(" ", "\u00a0");
}

/** Why no analysis can be started now; null where one can. */
export function quotaObstacle(user: User): string | null {
  const { limit, used } = user.quota;
  if (used < limit) return null;
  return words().usedUp(limit, resetDay(user));
}
