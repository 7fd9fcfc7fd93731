import type { MethodResponse } from "openapi-fetch";
import { useEffect, useState } from "preact/hooks";

import { answer, api } from "../../lib/api.ts";

export type SignUp = MethodResponse<typeof api, "get", "/api/v1/auth/sign-up">;

/** Until the answer is there, and where none comes: what it is nearly everywhere. */
const usual: SignUp = { sign_up: "open", confirms_email: false, sends_letters: true, min_password_chars: 12, consent_age: 16, grace_days: 14, accept: { terms: "", privacy: "" } };

/** How one gets an account here. */
export function useSignUp(): SignUp {
  const [found, setFound] = useState(usual);
  useEffect(() => {
    let isGone = false;
    answer(api.GET("/api/v1/auth/sign-up"))
      .then((now) => {
        if (!isGone) setFound(now);
      })
      .catch(() => undefined); // what is tried will say why not
    return () => {
      isGone = true;
    };
  }, []);
  return found;
}
