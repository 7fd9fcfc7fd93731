/** The invitation to coach that somebody came with: kept while they make an account, which a letter may end in another tab. */

import { useState } from "preact/hooks";

import { useLinkToken } from "./link-token.ts";
import { recall, remember } from "./memory.ts";
import { invitationKey } from "./session.ts";

/** null: it was answered. */
export function keepInvitation(token: string | null): void {
  remember(invitationKey, token);
}

function keptInvitation(): string | null {
  const kept = recall(invitationKey);
  return typeof kept === "string" ? kept : null;
}

/** Of the link that one came by, now or before one had an account; empty: there is none. */
export function useInvitation(): string {
  const token = useLinkToken();
  const [kept] = useState(keptInvitation);
  return token === "" ? (kept ?? "") : token;
}

/** Where those go on who have just got in. */
export function firstPage(): "/" | "/coach" {
  return keptInvitation() === null ? "/" : "/coach";
}
