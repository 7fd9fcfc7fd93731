import { useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { formatWhen } from "../../lib/format.ts";
import { tierWords } from "../../lib/terms.ts";
import { showToast } from "../../lib/toast.ts";
import { useStep } from "../../lib/use-step.ts";
import { changeAccount, findAccount, roles, tiers, turnCodesOff, type Account, type AccountChange } from "./requests.ts";
import { TurnCodesOff } from "./turn-codes-off.tsx";
import { words } from "./words.ts";

/** One account by its whole address; its role and plan are set at once, and set back by Undo. */
export function Accounts() {
  const { accounts: title, address, find, noAccount, changed } = words();
  const [email, setEmail] = useState("");
  const [account, setAccount] = useState<Account | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const { isBusy, error, take } = useStep();
  const ask = (question: () => Promise<Account | null>) =>
    take(async () => {
      setNote(null);
      const found = await question();
      setAccount(found);
      setNote(found === null ? noAccount : null);
    });
  const change = (before: Account, wanted: AccountChange) =>
    ask(async () => {
      const now = await changeAccount(before.id, wanted);
      showToast(changed(now.email), () => ask(() => changeAccount(before.id, wanted.role === undefined ? giftOf(before) : { role: before.role })));
      return now;
    });
  return (
    <section class="operator-part" aria-labelledby="operator-accounts">
      <h2 id="operator-accounts">{title}</h2>
      <form
        class="operator-find"
        onSubmit={(event) => {
          event.preventDefault();
          ask(() => findAccount(email));
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
      {account !== null && <AccountCard key={`${account.id} ${account.given?.tier ?? ""}`} account={account} isBusy={isBusy} onChange={(wanted) => change(account, wanted)} onTurnOff={() => ask(() => turnCodesOff(account.id))} />}
    </section>
  );
}

interface CardProps {
  account: Account;
  isBusy: boolean;
  onChange: (wanted: AccountChange) => void;
  onTurnOff: () => void;
}

/** What sets it back. */
function giftOf({ given }: Account): AccountChange {
  return given === null ? { tier: "free" } : given;
}

function AccountCard({ account, isBusy, onChange, onTurnOff }: CardProps) {
  const { role, roles: roleNames, made } = words();
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
          <select value={account.role} disabled={isBusy} onChange={(event) => onChange({ role: event.currentTarget.value as Account["role"] })} data-testid="account-role">
            {roles.map((one) => (
              <option key={one} value={one}>
                {roleNames[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Gift account={account} isBusy={isBusy} onGive={onChange} />
      {account.has_codes && <TurnCodesOff account={account} isBusy={isBusy} onTurnOff={onTurnOff} />}
    </div>
  );
}

/** A plan that is given for a while or for good, with the reason that the audit log keeps. */
function Gift({ account, isBusy, onGive }: { account: Account; isBusy: boolean; onGive: (wanted: AccountChange) => void }) {
  const { gift, given, why: whyWord, until, give, hasPlan, isPaid } = words();
  const [wanted, setWanted] = useState<Account["tier"]>(account.given?.tier ?? "free");
  const [why, setWhy] = useState(account.given?.reason ?? "");
  const [day, setDay] = useState(account.given?.until?.slice(0, 10) ?? "");
  const isGiven = wanted !== "free";
  return (
    <form
      class="operator-gift"
      onSubmit={(event) => {
        event.preventDefault();
        onGive(isGiven ? { tier: wanted, reason: why, until: day === "" ? null : `${day}T23:59:59Z` } : { tier: wanted });
      }}
    >
      <p data-testid="account-plan">
        {hasPlan(tierWords(account.tier))} {account.is_paid && isPaid}
      </p>
      <div class="operator-filter">
        <label>
          <span>{gift}</span>
          <select value={wanted} disabled={isBusy} onChange={(event) => setWanted(event.currentTarget.value as Account["tier"])} data-testid="account-tier">
            {tiers.map((one) => (
              <option key={one} value={one}>
                {one === "free" ? given.none : tierWords(one)}
              </option>
            ))}
          </select>
        </label>
        {isGiven && (
          <>
            <label>
              <span>{whyWord}</span>
              <input type="text" required maxLength={200} autocomplete="off" value={why} onInput={(event) => setWhy(event.currentTarget.value)} data-testid="account-reason" />
            </label>
            <label>
              <span>{until}</span>
              <input type="date" value={day} min={new Date().toISOString().slice(0, 10)} onInput={(event) => setDay(event.currentTarget.value)} data-testid="account-until" />
            </label>
          </>
        )}
        <button type="submit" class="button" disabled={isBusy} data-testid="give-plan">
          {isGiven ? give : given.takeBack}
        </button>
      </div>
    </form>
  );
}
