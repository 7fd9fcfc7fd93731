import { useState } from "preact/hooks";

import { tierWords } from "../../lib/terms.ts";
import { tiers, type Account, type AccountChange } from "./requests.ts";
import { words } from "./words.ts";

/** A plan that is given for a while or for good, with the reason that the audit log keeps. */
export function Gift({ account, isBusy, onGive }: { account: Account; isBusy: boolean; onGive: (wanted: AccountChange) => void }) {
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
