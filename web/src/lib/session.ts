import type { components } from "../client.gen.ts";
import { noteDate } from "./clock.ts";
import { backoffS, wait } from "./backoff.ts";
import { apiUrl } from "./endpoint.ts";
import { answerError, asRequestError } from "./errors.ts";
import { recall, remember } from "./memory.ts";
import { createStore } from "./store.ts";
import { words } from "./words.ts";

export type User = components["schemas"]["UserRead"];
export type SessionBody = components["schemas"]["SessionRead"];

export type Session =
  /** `trouble`: why it takes longer than a moment. */
  | { state: "starting"; trouble: string | null }
  /** `reason`: why a session ended that the climber did not end. */
  | { state: "out"; reason: string | null }
  | { state: "in"; user: User };

const timeoutMs = 30_000;
const refreshAheadS = 20;
/** Says only that this browser had a session: without it there is no cookie worth asking with. */
const hadSessionKey = "ascension.session";
/** Says only that somebody with an account was here: who comes back logs in, and makes no second account. */
const knownKey = "ascension.known";
/** An invitation to coach (`invitation.ts`): it goes with whoever had it, and is not for who comes next on this device. */
export const invitationKey = "ascension.coach-invitation";

export const session = createStore<Session>({ state: "starting", trouble: null });

// The access token lives here and nowhere else: a reload asks the refresh cookie for a new one.
let accessToken: string | null = null;
let expiresAtMs = 0;
let refreshing: Promise<boolean> | null = null;

const otherTabs = "BroadcastChannel" in window ? new BroadcastChannel("ascension.session") : null;
otherTabs?.addEventListener("message", (event: MessageEvent<unknown>) => {
  const current = session.get();
  // a tab that somebody else runs on has nothing to forget: what they have not sent stays
  if (current.state === "in" && event.data === leftBy(current.user.id)) forget(null);
});

function leftBy(userId: string): string {
  return `left ${userId}`;
}

export function enter(body: SessionBody): void {
  accessToken = body.access_token;
  expiresAtMs = Date.now() + body.expires_in_s * 1000;
  remember(hadSessionKey, true);
  remember(knownKey, true);
  session.set({ state: "in", user: body.user });
}

/** True where somebody logged in by this browser before. */
export function isKnown(): boolean {
  return recall(knownKey) === true;
}

/** The climber leaves: this tab and all others. `comesBack` is false where the account is gone. */
export function leave(comesBack = true): void {
  if (!comesBack) remember(knownKey, null);
  remember(invitationKey, null);
  const current = session.get();
  forget(null);
  if (current.state === "in") otherTabs?.postMessage(leftBy(current.user.id));
}

function forget(reason: string | null): void {
  remember(hadSessionKey, null);
  endHere(reason);
}

function endHere(reason: string | null): void {
  accessToken = null;
  expiresAtMs = 0;
  session.set({ state: "out", reason });
}

/** True where this browser may still have a session. */
export function mayResume(): boolean {
  return recall(hadSessionKey) === true;
}

/** On start: go on with the session of the refresh cookie, if there is one. */
export async function resume(): Promise<void> {
  if (!mayResume()) {
    session.set({ state: "out", reason: null });
    return;
  }
  for (let attempt = 0; session.get().state === "starting"; attempt += 1) {
    try {
      await refresh();
    } catch (cause) {
      // no answer is no reason to ask for the password again
      session.set({ state: "starting", trouble: asRequestError(cause).message });
      await wait(backoffS(attempt, 1));
    }
  }
}

/**
 * A new access token by the refresh cookie; false where the session has ended, or is somebody else's by now.
 * One tab at a time: a rotated cookie that is used twice would end the whole session.
 */
export function refresh(): Promise<boolean> {
  refreshing ??= inTurn(requestRefresh).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function inTurn(work: () => Promise<boolean>): Promise<boolean> {
  // navigator.locks is missing outside secure contexts
  const locks = (navigator as Partial<Navigator>).locks;
  return locks ? await locks.request("ascension.refresh", work) : work();
}

async function requestRefresh(): Promise<boolean> {
  const response = await fetch(apiUrl("/api/v1/auth/refresh"), {
    method: "POST",
    credentials: "include",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.ok) {
    const body = (await response.json()) as SessionBody;
    const current = session.get();
    if (current.state === "in" && current.user.id !== body.user.id) {
      endHere(words().someoneElse); // the cookie is theirs, and stays: nothing of this page is asked for in their name
      return false;
    }
    enter(body);
    return true;
  }
  const error = answerError(response, await response.json().catch(() => null));
  if (response.status !== 401 && response.status !== 403) throw error;
  forget(session.get().state === "in" ? error.message : null);
  return false;
}

/** fetch with the access token; renews it when it is about to expire or is refused, and repeats once. */
export async function authorizedFetch(request: Request): Promise<Response> {
  if (accessToken !== null && Date.now() > expiresAtMs - refreshAheadS * 1000) await refresh();
  const spare = request.clone();
  const sentToken = accessToken;
  const response = await send(request);
  if (response.status !== 401 || sentToken === null) return response;
  // another request may have renewed it meanwhile
  const renewed = accessToken !== sentToken || (await refresh());
  return renewed ? send(spare) : response;
}

async function send(request: Request): Promise<Response> {
  if (accessToken !== null) request.headers.set("Authorization", `Bearer ${accessToken}`);
  const response = await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]) });
  noteDate(response.headers.get("Date"));
  return response;
}
