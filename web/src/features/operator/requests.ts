import type { MethodResponse } from "openapi-fetch";

import { answer, api } from "../../lib/api.ts";
import { wait } from "../../lib/backoff.ts";

export type Queue = MethodResponse<typeof api, "get", "/api/v1/operator/queue">;
export type Tier = Queue["tiers"][number];
export type Worker = Queue["workers"][number];
export type Job = MethodResponse<typeof api, "get", "/api/v1/operator/jobs/{job_id}">;
export type JobPage = MethodResponse<typeof api, "get", "/api/v1/operator/jobs">;

export type Account = MethodResponse<typeof api, "patch", "/api/v1/operator/users/{user_id}">;

export type State = Job["state"];
export type TierName = "free" | "premium" | "infinity";

/** null: whatever it is. */
export interface Filter {
  state: State | null;
  kind: string | null;
  tier: TierName | null;
  failure_code: string | null;
}

export const everythingDead: Filter = { state: "dead", kind: null, tier: null, failure_code: null };

export const roles: readonly Account["role"][] = ["climber", "coach", "admin"];
export const tiers: readonly Account["tier"][] = ["free", "premium", "infinity"];

const batchesWithoutProgress = 20;
const pauseS = 0.2;

export function loadQueue(signal: AbortSignal): Promise<Queue> {
  return answer(api.GET("/api/v1/operator/queue", { signal }));
}

export function loadJobs(filter: Filter, limit: number, signal: AbortSignal): Promise<JobPage> {
  const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null));
  return answer(api.GET("/api/v1/operator/jobs", { params: { query: { ...asked, limit } }, signal }));
}

export function retryJob(job: Job): Promise<Job> {
  return answer(api.POST("/api/v1/operator/jobs/{job_id}/retry", { params: { path: { job_id: job.id } } }));
}

export function cancelJob(job: Job): Promise<Job> {
  return answer(api.POST("/api/v1/operator/jobs/{job_id}/cancel", { params: { path: { job_id: job.id } } }));
}

/** null: no account has this address. */
export async function findAccount(email: string): Promise<Account | null> {
  const found = await answer(api.GET("/api/v1/operator/users", { params: { query: { email } } }));
  return found.items[0] ?? null;
}

/** What is not told stays. `tier`: given, beside what is paid for; "free": it is taken back. */
export interface AccountChange {
  role?: Account["role"];
  tier?: Account["tier"];
  reason?: string;
  until?: string | null;
}

export function changeAccount(id: string, wanted: AccountChange): Promise<Account> {
  return answer(api.PATCH("/api/v1/operator/users/{user_id}", { params: { path: { user_id: id } }, body: wanted }));
}

export function turnCodesOff(id: string): Promise<Account> {
  return answer(api.DELETE("/api/v1/operator/users/{user_id}/codes", { params: { path: { user_id: id } } }));
}

/** Batch after batch until none is left; somebody else may hold the last ones for a moment. */
export async function retryDead({ kind, tier, failure_code }: Filter): Promise<{ retried: number; left: number }> {
  let retried = 0;
  for (let idle = 0; ; ) {
    const batch = await answer(api.POST("/api/v1/operator/dead-jobs/retry", { body: { kind, tier, failure_code } }));
    retried += batch.retried;
    if (batch.retried === 0) idle += 1;
    if (batch.left === 0 || idle === batchesWithoutProgress) return { retried, left: batch.left };
    if (batch.retried === 0) await wait(pauseS);
  }
}
