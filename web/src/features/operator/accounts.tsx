import { useCallback, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { tierWords } from "../../lib/terms.ts";
import { AccountCard } from "./account-card.tsx";
import { Choice } from "./choice.tsx";
import { loadAccounts, type Account, type AccountFilter, type AccountPage } from "./requests.ts";
import { usePages } from "./use-pages.ts";
import { words } from "./words.ts";

const everybody: AccountFilter = { search: null, role: null, tier: null, state: null };

/** Everybody's accounts, the latest first; one is found by a part of its address. */
export function Accounts() {
  const { accounts: title, accountsText, noAccount, loading, moreAccounts } = words();
  const [filter, setFilter] = useState(everybody);
  const { first, items, reason, isBusy, more } = usePages<Account, AccountPage>(useCallback((cursor, signal) => loadAccounts(filter, cursor, signal), [filter]));
  const [changed, setChanged] = useState<Readonly<Record<string, Account>>>({});
  return (
    <section class="operator-part" aria-labelledby="operator-accounts">
      <h2 id="operator-accounts">{title}</h2>
      <p class="operator-soft">{accountsText}</p>
      <AccountSearch filter={filter} onChange={setFilter} />
      {reason !== null && <Notice kind="error">{reason}</Notice>}
      {first === null && reason === null && <p aria-busy="true">{loading}</p>}
      {first?.is_unconfirmed === true && <p>{words().unconfirmed}</p>}
      {first?.is_unconfirmed === false && items.length === 0 && (
        <p class="operator-soft" data-testid="no-account">
          {noAccount}
        </p>
      )}
      <ul class="operator-jobs">
        {items.map((account) => (
          <AccountCard
            key={`${account.id} ${String(items.length === 1)}`}
            account={changed[account.id] ?? account}
            isOpen={items.length === 1}
            onChange={(now) => setChanged((before) => ({ ...before, [now.id]: now }))}
          />
        ))}
      </ul>
      {more !== null && (
        <button type="button" class="button" disabled={isBusy} onClick={more} data-testid="more-accounts">
          {moreAccounts}
        </button>
      )}
    </section>
  );
}

function AccountSearch({ filter, onChange }: { filter: AccountFilter; onChange: (filter: AccountFilter) => void }) {
  const { address, find, role, roles, tier, accountState, accountStates } = words();
  const [search, setSearch] = useState("");
  const tiers = { free: tierWords("free"), premium: tierWords("premium"), infinity: tierWords("infinity") };
  return (
    <form
      class="operator-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ ...filter, search: search.trim() === "" ? null : search.trim() });
      }}
    >
      <div class="operator-find">
        <label>
          <span>{address}</span>
          <input type="search" inputMode="email" maxLength={254} autocapitalize="none" autocomplete="off" spellcheck={false} value={search} onInput={(event) => setSearch(event.currentTarget.value)} data-testid="account-address" />
        </label>
        <button type="submit" class="button" data-testid="find-account">
          {find}
        </button>
      </div>
      <div class="operator-filter">
        <Choice testId="accounts-role" label={role} value={filter.role} choices={roles} onChange={(value) => onChange({ ...filter, role: value })} />
        <Choice testId="accounts-tier" label={tier} value={filter.tier} choices={tiers} onChange={(value) => onChange({ ...filter, tier: value })} />
        <Choice testId="accounts-state" label={accountState} value={filter.state} choices={accountStates} onChange={(value) => onChange({ ...filter, state: value })} />
      </div>
    </form>
  );
}
