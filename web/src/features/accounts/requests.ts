import { answer, api } from "../../lib/api.ts";
import { enter, leave } from "../../lib/session.ts";

export async function register(email: string, password: string, displayName: string): Promise<void> {
  const name = displayName.trim();
  const body = { email, password, display_name: name === "" ? (email.split("@")[0] ?? email) : name };
  enter(await answer(api.POST("/api/v1/auth/register", { body })));
}

export async function logIn(email: string, password: string): Promise<void> {
  enter(await answer(api.POST("/api/v1/auth/login", { body: { email, password } })));
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
