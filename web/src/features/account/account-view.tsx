import "../../components/list.css";
import "./account.css";

import { Notice } from "../../components/notice.tsx";
import { useLoaded } from "../../lib/use-loaded.ts";
import { Codes } from "./codes.tsx";
import { Passkeys } from "./passkeys.tsx";
import { loadAccount } from "./requests.ts";
import { Sessions } from "./sessions.tsx";
import { words } from "./words.ts";

/** Who gets into this account: sessions, codes, passkeys. */
export function AccountView() {
  const { value: account, reason, reload } = useLoaded(loadAccount);
  if (account === null) return reason === null ? <p aria-busy="true">{words().loading}</p> : <Notice kind="error">{reason}</Notice>;
  return (
    <div class="account" data-testid="account">
      {reason !== null && <Notice kind="error">{reason}</Notice>}
      <Sessions sessions={account.sessions} onChange={reload} />
      <Codes factors={account.factors} onChange={reload} />
      <Passkeys passkeys={account.factors.passkeys} onChange={reload} />
    </div>
  );
}
