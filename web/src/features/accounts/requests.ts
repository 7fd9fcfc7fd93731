import { answer, api } from "../../lib/api.ts";
import { language } from "../../lib/language.ts";
import { showPasskey } from "../../lib/passkeys.ts";
import { enter, leave } from "../../lib/session.ts";

interface Wish {
  email: string;
  password: string;
  displayName: string;
  invitation: string | null;
}

/** False: a letter has to be opened first. */
export async function register({ email, password, displayName, invitation }: Wish): Promise<boolean> {
  const name = displayName.trim();
  const body = { email, password, display_name: name === "" ? (email.split("@")[0] ?? email) : name, invitation, language: language.get() };
  const found = await answer(api.POST("/api/v1/auth/register", { body }));
  if (!("access_token" in found)) return false;
  enter(found);
  return true;
}

/** The challenge to be answered with a code, where the password alone does not log in. */
export async function logIn(email: string, password: string): Promise<string | null> {
  const found = await answer(api.POST("/api/v1/auth/login", { body: { email, password } }));
  if ("challenge" in found) return found.challenge;
  enter(found);
  return null;
}

export async function showCode(challenge: string, code: string): Promise<void> {
  enter(await answer(api.POST("/api/v1/auth/login/code", { body: { challenge, code } })));
}

/** Logs in with a key of this device, unless its owner thinks better of it. */
export async function logInByPasskey(): Promise<void> {
  const { options } = await answer(api.POST("/api/v1/auth/passkey-options"));
  const credential = await showPasskey(options);
  if (credential !== null) enter(await answer(api.POST("/api/v1/auth/passkey", { body: { credential } })));
}

/** Deletes the account with everything in it. The password is asked again. */
export async function eraseAccount(password: string): Promise<void> {
  await answer(api.DELETE("/api/v1/users/me", { body: { password } }));
  leave(false);
}

/** Ends the session here and on the server. */
export async function logOut(): Promise<void> {
  await answer(api.POST("/api/v1/auth/logout"));
  leave();
}
