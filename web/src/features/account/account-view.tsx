import "./account.css";

import { useCallback, useEffect, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { Codes } from "./codes.tsx";
import { Passkeys } from "./passkeys.tsx";
import { loadAccount, type Account } from "./requests.ts";
import { Sessions } from "./sessions.tsx";
import { words } from "./words.ts";

/** Who gets into this account: sessions, codes, passkeys. */
export function AccountView() {
  const { account, trouble, reload } = useAccount();
  if (account === null) return trouble === null ? <p aria-busy="true">{words().loading}</p> : <Notice kind="error">{trouble}</Notice>;
  return (
    <div class="account" data-testid="account">
      {trouble !== null && <Notice kind="error">{trouble}</Notice>}
      <Sessions sessions={account.sessions} onChange={reload} />
      <Codes factors={account.factors} onChange={reload} />
      <Passkeys passkeys={account.factors.passkeys} onChange={reload} />
    </div>
  );
}

function useAccount() {
  const [account, setAccount] = useState<Account | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    persist({ signal, onTrouble: setTrouble }, () => loadAccount(signal))
      .then(setAccount)
      .catch((cause: unknown) => {
        if (!signal.aborted) setTrouble(asRequestError(cause).message);
      });
    return () => leaving.abort();
  }, [round]);
  return { account, trouble, reload: useCallback(() => setRound((last) => last + 1), []) };
}
