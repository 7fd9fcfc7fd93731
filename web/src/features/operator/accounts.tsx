import { useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { formatWhen } from "../../lib/format.ts";
import { tierWords } from "../../lib/terms.ts";
import { showToast } from "../../lib/toast.ts";
import { changeAccount, findAccount, roles, tiers, type Account } from "./requests.ts";
import { words } from "./words.ts";

/** One account by its whole address; its role and plan are set at once, and set back by Undo. */
export function Accounts() {
  const { accounts: title, address, find, noAccount, changed } = words();
  const [email, setEmail] = useState("");
  const [account, setAccount] = useState<Account | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const ask = async (question: () => Promise<Account | null>) => {
    setBusy(true);
    setError(null);
    setNote(null);
    try {
      const found = await question();
      setAccount(found);
      setNote(found === null ? noAccount : null);
    } catch (cause) {
      setError(asRequestError(cause).message);
    }
    setBusy(false);
  };
  const change = (before: Account, wanted: Pick<Account, "role" | "tier">) =>
    ask(async () => {
      const now = await changeAccount(before.id, wanted);
      showToast(changed(now.email), () => void ask(() => changeAccount(before.id, { role: before.role, tier: before.tier })));
      return now;
    });
  return (
    <section class="operator-part" aria-labelledby="operator-accounts">
      <h2 id="operator-accounts">{title}</h2>
      <form
        class="operator-find"
        onSubmit={(event) => {
          event.preventDefault();
          void ask(() => findAccount(email));
        }}
      >
        <label>
          <span>{address}</span>
          <input type="email" required autocapitalize="none" autocomplete="off" spellcheck={false} value={email} onInput={(event) => setEmail(event.currentTarget.value)} data-testid="account-address" />
        </label>
        <button type="submit" class="button" disabled={isBusy} data-testid="find-account">
          {find}
        </button>
      </form>
      {error !== null && <Notice kind="error">{error}</Notice>}
      {note !== null && (
        <p class="operator-soft" data-testid="no-account">
          {note}
        </p>
      )}
      {account !== null && <AccountCard key={account.id} account={account} isBusy={isBusy} onChange={(wanted) => void change(account, wanted)} />}
    </section>
  );
}

interface CardProps {
  account: Account;
  isBusy: boolean;
  onChange: (wanted: Pick<Account, "role" | "tier">) => void;
}

function AccountCard({ account, isBusy, onChange }: CardProps) {
  const { role, roles: roleNames, tier, made } = words();
  return (
    <div class="operator-job" data-testid="account">
      <div class="operator-job-head">
        <h3>{account.display_name}</h3>
        <span class="operator-soft">{made(formatWhen(account.created_at))}</span>
      </div>
      <p class="operator-soft">{account.email}</p>
      <div class="operator-filter">
        <label>
          <span>{role}</span>
          <select value={account.role} disabled={isBusy} onChange={(event) => onChange({ role: event.currentTarget.value as Account["role"], tier: account.tier })} data-testid="account-role">
            {roles.map((one) => (
              <option key={one} value={one}>
                {roleNames[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{tier}</span>
          <select value={account.tier} disabled={isBusy} onChange={(event) => onChange({ role: account.role, tier: event.currentTarget.value as Account["tier"] })} data-testid="account-tier">
            {tiers.map((one) => (
              <option key={one} value={one}>
                {tierWords(one)}
              </option>
            ))}
          </select>
        </label>
      </div>
    </div>
  );
}
