import type { MethodResponse } from "openapi-fetch";

import type { paths } from "../../client.gen.ts";
import { answer, api } from "../../lib/api.ts";
import { wait } from "../../lib/backoff.ts";

export type Queue = MethodResponse<typeof api, "get", "/api/v1/operator/queue">;
export type Tier = Queue["tiers"][number];
export type Worker = Queue["workers"][number];
export type Job = MethodResponse<typeof api, "get", "/api/v1/operator/jobs/{job_id}">;
export type JobPage = MethodResponse<typeof api, "get", "/api/v1/operator/jobs">;

export type DeadGroup = MethodResponse<typeof api, "get", "/api/v1/operator/dead-jobs">["items"][number];

export type Account = MethodResponse<typeof api, "patch", "/api/v1/operator/users/{user_id}">;
export type AccountPage = MethodResponse<typeof api, "get", "/api/v1/operator/users">;
export type Storage = MethodResponse<typeof api, "get", "/api/v1/operator/storage">;
export type LogPage = MethodResponse<typeof api, "get", "/api/v1/operator/audit">;
export type Entry = LogPage["items"][number];
export type Verdict = MethodResponse<typeof api, "post", "/api/v1/operator/audit/verification">;
type LogQuery = NonNullable<paths["/api/v1/operator/audit"]["get"]["parameters"]["query"]>;
/** What may stand in the log: the list of the API, so that the compiler misses words for a new one. */
export type Action = NonNullable<LogQuery["action"]>;

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

/** Without what is not wanted. */
function told(query: object) {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null));
}

export async function loadDead(signal: AbortSignal): Promise<DeadGroup[]> {
  return (await answer(api.GET("/api/v1/operator/dead-jobs", { signal }))).items;
}

export function loadJobs(filter: Filter, limit: number, signal: AbortSignal): Promise<JobPage> {
  return answer(api.GET("/api/v1/operator/jobs", { params: { query: { ...told(filter), limit } }, signal }));
}

export function retryJob(job: Job): Promise<Job> {
  return answer(api.POST("/api/v1/operator/jobs/{job_id}/retry", { params: { path: { job_id: job.id } } }));
}

export function cancelJob(job: Job): Promise<Job> {
  return answer(api.POST("/api/v1/operator/jobs/{job_id}/cancel", { params: { path: { job_id: job.id } } }));
}

/** null: whatever it is. `search`: a part of the address. */
export interface AccountFilter {
  search: string | null;
  role: Account["role"] | null;
  tier: Account["tier"] | null;
  state: AccountState | null;
}

export const accountStates = ["given", "paid", "leaving", "awaits_guardian"] as const;
export type AccountState = (typeof accountStates)[number];

export function loadAccounts(filter: AccountFilter, cursor: string | null, signal: AbortSignal): Promise<AccountPage> {
  return answer(api.GET("/api/v1/operator/users", { params: { query: told({ ...filter, cursor }) }, signal }));
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

export function endSessions(id: string): Promise<Account> {
  return answer(api.DELETE("/api/v1/operator/users/{user_id}/sessions", { params: { path: { user_id: id } } }));
}

export function loadStorage(signal: AbortSignal): Promise<Storage> {
  return answer(api.GET("/api/v1/operator/storage", { signal }));
}

/** null: whatever it is. `actor`, `subject`: `account:ID`, or a name as the log tells it. */
export interface LogFilter {
  action: Action | null;
  actor: string | null;
  subject: string | null;
  days: number | null;
}

export function loadLog(filter: LogFilter, cursor: string | null, signal: AbortSignal): Promise<LogPage> {
  return answer(api.GET("/api/v1/operator/audit", { params: { query: told({ ...filter, cursor }) }, signal }));
}

export function loadLogFile(filter: LogFilter): Promise<Blob> {
  return answer(api.GET("/api/v1/operator/audit/file", { params: { query: told(filter) }, parseAs: "blob" }));
}

/** Some seconds' worth of it; `behind`: the head of the verdict before. */
export function verifyLog(behind: string | null): Promise<Verdict> {
  return answer(api.POST("/api/v1/operator/audit/verification", { body: { behind } }));
}

/** Batch after batch until none is left; somebody else may hold the last ones for a moment. */
export async function retryDead({ kind, tier, failure_code }: Omit<Filter, "state">): Promise<{ retried: number; left: number }> {
  let retried = 0;
  for (let idle = 0; ; ) {
    const batch = await answer(api.POST("/api/v1/operator/dead-jobs/retry", { body: { kind, tier, failure_code } }));
    retried += batch.retried;
    if (batch.retried === 0) idle += 1;
    if (batch.left === 0 || idle === batchesWithoutProgress) return { retried, left: batch.left };
    if (batch.retried === 0) await wait(pauseS);
  }
}
