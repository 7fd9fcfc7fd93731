import type { components } from "../../client.gen.ts";
import { answer, api } from "../../lib/api.ts";
import { language } from "../../lib/language.ts";
import { makePasskey, showPasskey } from "../../lib/passkeys.ts";
import { leave } from "../../lib/session.ts";
import { reloadUser } from "../../lib/user.ts";

export type OpenSession = components["schemas"]["OpenSessionRead"];
export type Factors = components["schemas"]["FactorsRead"];
export type Passkey = components["schemas"]["PasskeyRead"];
export type SetUp = components["schemas"]["TotpSetUpRead"];

export interface Account {
  sessions: OpenSession[];
  factors: Factors;
}

export async function loadAccount(signal: AbortSignal): Promise<Account> {
  const [{ items }, factors] = await Promise.all([answer(api.GET("/api/v1/auth/sessions", { signal })), answer(api.GET("/api/v1/users/me/factors", { signal }))]);
  return { sessions: items, factors };
}

/** Whether this platform has a mail server. */
export async function sendsLetters(signal: AbortSignal): Promise<boolean> {
  return (await answer(api.GET("/api/v1/auth/sign-up", { signal }))).sends_letters;
}

export async function chooseLetters(aboutResults: boolean): Promise<void> {
  await answer(api.PUT("/api/v1/users/me/letters", { body: { about_results: aboutResults } }));
  await reloadUser();
}

export async function hasPasskey(): Promise<boolean> {
  return (await answer(api.GET("/api/v1/users/me/factors"))).passkeys.length > 0;
}

export async function endSession(id: string): Promise<void> {
  await answer(api.DELETE("/api/v1/auth/sessions/{session_id}", { params: { path: { session_id: id } } }));
}

export async function endOthers(): Promise<void> {
  await answer(api.POST("/api/v1/auth/logout-everywhere", { body: { this_too: false } }));
}

export async function endAll(): Promise<void> {
  await answer(api.POST("/api/v1/auth/logout-everywhere", { body: { this_too: true } }));
  leave();
}

export function beginCodes(password: string | null): Promise<SetUp> {
  return answer(api.POST("/api/v1/users/me/totp", { body: { password } }));
}

export async function confirmCodes(code: string): Promise<string[]> {
  return (await answer(api.POST("/api/v1/users/me/totp/confirm", { body: { code } }))).recovery_codes;
}

export async function stopCodes(password: string | null): Promise<void> {
  await answer(api.DELETE("/api/v1/users/me/totp", { body: { password } }));
}

export async function newRecoveryCodes(password: string | null): Promise<string[]> {
  return (await answer(api.POST("/api/v1/users/me/recovery-codes", { body: { password } }))).recovery_codes;
}

/** False where the device's owner thought better of it. */
export async function addPasskey(password: string | null, name: string): Promise<boolean> {
  const { options } = await answer(api.POST("/api/v1/users/me/passkey-options", { body: { password } }));
  const credential = await makePasskey(options);
  if (credential === null) return false;
  await answer(api.POST("/api/v1/users/me/passkeys", { body: { name, credential } }));
  return true;
}

/** By a passkey, instead of the password, for some minutes; false where the device's owner thought better of it. */
export async function showPresence(): Promise<boolean> {
  const { options } = await answer(api.POST("/api/v1/users/me/presence-options"));
  const credential = await showPasskey(options);
  if (credential === null) return false;
  await answer(api.POST("/api/v1/users/me/presence", { body: { credential } }));
  return true;
}

export async function removePasskey(id: string, password: string | null): Promise<void> {
  await answer(api.DELETE("/api/v1/users/me/passkeys/{passkey_id}", { params: { path: { passkey_id: id } }, body: { password } }));
}

/** Every other session ends. */
export async function changePassword(password: string, newPassword: string): Promise<void> {
  await answer(api.POST("/api/v1/auth/password", { body: { password, new_password: newPassword, language: language.get() } }));
}
