import { answer, api } from "../../lib/api.ts";
import { promiseIntroduction } from "../../lib/introduction.ts";
import { language } from "../../lib/language.ts";
import { enter, refresh, session } from "../../lib/session.ts";

/** Which letter was asked for: each can be asked for again. */
export type Wanted = "confirm" | "reset";

/** Says nothing about whether there is such an account: the letter does. */
export async function askForLetter(wanted: Wanted, email: string): Promise<void> {
  const body = { email, language: language.get() };
  if (wanted === "reset") await answer(api.POST("/api/v1/auth/password/letters", { body }));
  else await answer(api.POST("/api/v1/auth/verification/letters", { body }));
}

/** Makes the account that the letter is about, and logs in. */
export async function confirmEmail(token: string, password: string): Promise<void> {
  enter(await answer(api.POST("/api/v1/auth/verification", { body: { token, password } })));
  promiseIntroduction();
}

export async function resetPassword(token: string, password: string): Promise<void> {
  await answer(api.POST("/api/v1/auth/password/reset", { body: { token, password, language: language.get() } }));
  // every session of that account has ended; who is logged in here may be somebody else, and nobody has left: clips that wait stay
  if (session.get().state === "in") await refresh().catch(() => false);
}
