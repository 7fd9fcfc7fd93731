import type { components } from "../../client.gen.ts";
import { answer, api } from "../../lib/api.ts";
import { asRequestError } from "../../lib/errors.ts";
import { promiseIntroduction } from "../../lib/introduction.ts";
import { language } from "../../lib/language.ts";
import { showPasskey } from "../../lib/passkeys.ts";
import { enter, leave, type SessionBody } from "../../lib/session.ts";

interface Wish {
  email: string;
  password: string;
  displayName: string;
  invitation: string | null;
  /** Of somebody too young to agree alone. */
  guardian: components["schemas"]["GuardianWish"] | null;
}

/** What a login answers while the account is about to be erased. */
export type Leaving = components["schemas"]["LeavingRead"];

/** False: a letter has to be opened first. */
export async function register({ email, password, displayName, invitation, guardian }: Wish): Promise<boolean> {
  const name = displayName.trim();
  const { accept } = await answer(api.GET("/api/v1/auth/sign-up"));
  const body = { email, password, display_name: name === "" ? (email.split("@")[0] ?? email) : name, invitation, language: language.get(), accepted: accept, guardian };
  const found = await answer(api.POST("/api/v1/auth/register", { body }));
  if (!("access_token" in found)) return false;
  enter(found);
  promiseIntroduction();
  return true;
}

/** The challenge to be answered with a code, or the question whether to keep the account; null: logged in. */
export async function logIn(email: string, password: string): Promise<string | Leaving | null> {
  const found = await answer(api.POST("/api/v1/auth/login", { body: { email, password } }));
  return "challenge" in found ? found.challenge : enterUnlessLeaving(found);
}

export async function showCode(challenge: string, code: string): Promise<Leaving | null> {
  return enterUnlessLeaving(await answer(api.POST("/api/v1/auth/login/code", { body: { challenge, code } })));
}

/** Logs in with a key of this device, unless its owner thinks better of it. */
export async function logInByPasskey(): Promise<Leaving | null> {
  const { options } = await answer(api.POST("/api/v1/auth/passkey-options"));
  const credential = await showPasskey(options);
  if (credential === null) return null;
  return enterUnlessLeaving(await answer(api.POST("/api/v1/auth/passkey", { body: { credential } })));
}

function enterUnlessLeaving(found: SessionBody | Leaving): Leaving | null {
  if ("keep_challenge" in found) return found;
  enter(found);
  return null;
}

/** A step that took too long begins anew, with the reason; any other refusal is thrown on. */
export function backWhereExpired(back: (reason: string) => void) {
  return (cause: unknown): null => {
    const refused = asRequestError(cause);
    if (refused.code !== "challenge_expired") throw refused;
    back(refused.message);
    return null;
  };
}

/** The account stays, with everything in it. */
export async function keepAccount({ keep_challenge }: Leaving): Promise<void> {
  enter(await answer(api.POST("/api/v1/auth/keep", { body: { keep_challenge } })));
}

/** Deletes the account with everything in it. The password is asked again. Until when it can be kept; null: it is gone. */
export async function eraseAccount(password: string): Promise<string | null> {
  const asked = await answer(api.DELETE("/api/v1/users/me", { body: { password, language: language.get() } }));
  leave(asked.state === "leaving");
  return asked.state === "leaving" ? asked.erase_at : null;
}

/** Ends the session here and on the server. */
export async function logOut(): Promise<void> {
  await answer(api.POST("/api/v1/auth/logout"));
  leave();
}
