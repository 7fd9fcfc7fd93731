import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Notice } from "../../components/notice.tsx";
import { formatBytes, formatDay, formatWhen } from "../../lib/format.ts";
import { tierWords } from "../../lib/terms.ts";
import { showToast } from "../../lib/toast.ts";
import { useStep } from "../../lib/use-step.ts";
import { Gift } from "./gift.tsx";
import { changeAccount, endSessions, roles, turnCodesOff, type Account, type AccountChange } from "./requests.ts";
import { TurnCodesOff } from "./turn-codes-off.tsx";
import { words } from "./words.ts";

interface Props {
  account: Account;
  /** It is the only one that was found. */
  isOpen: boolean;
  onChange: (now: Account) => void;
}

/** One account: what is known of it at a glance; opened, what may be done. Nothing of what it climbs. */
export function AccountCard({ account, isOpen, onChange }: Props) {
  const { roles: roleNames, made, manage, climbs, never, seenLast } = words();
  const [isShown, setShown] = useState(isOpen);
  const facts = [made(formatWhen(account.created_at)), account.seen_at === null ? never : seenLast(formatWhen(account.seen_at)), climbs(account.climbs, formatBytes(account.stored_bytes))];
  return (
    <li class="operator-job" data-testid="account">
      <div class="operator-job-head">
        <h3>{account.email}</h3>
        <span class="operator-state">
          {roleNames[account.role]} · {tierWords(account.tier)}
        </span>
      </div>
      <p>{account.display_name}</p>
      <p class="operator-soft">{facts.join(" · ")}</p>
      <States account={account} />
      <details class="operator-facts" open={isShown} onToggle={(event) => setShown(event.currentTarget.open)}>
        <summary data-testid="account-manage">
          {manage} <span class="visually-hidden">{account.email}</span>
        </summary>
        {isShown && <Acts account={account} onChange={onChange} />}
      </details>
    </li>
  );
}

/** What is out of the ordinary. */
function States({ account: { given, is_paid, paid_until, erased_at, awaits_guardian } }: { account: Account }) {
  const say = words();
  const told = [
    given === null ? null : say.givenBy(tierWords(given.tier), given.until === null ? null : formatDay(given.until), given.reason),
    is_paid ? say.paid(paid_until === null ? null : formatDay(paid_until)) : null,
    erased_at === null ? null : say.leaving(formatDay(erased_at)),
    awaits_guardian ? say.awaitsGuardian : null,
  ].filter((one) => one !== null);
  return told.length === 0 ? null : (
    <ul class="operator-marks">
      {told.map((one) => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  );
}

/** What sets a plan back. */
function giftOf({ given }: Account): AccountChange {
  return given === null ? { tier: "free" } : given;
}

function Acts({ account, onChange }: Omit<Props, "isOpen">) {
  const { role, roles: roleNames, changed, didWhat, doneTo } = words();
  const { isBusy, error, take } = useStep();
  const ask = (question: () => Promise<Account>) => take(async () => onChange(await question()));
  const change = (wanted: AccountChange) =>
    ask(async () => {
      const now = await changeAccount(account.id, wanted);
      showToast(changed(now.email), () => ask(() => changeAccount(account.id, wanted.role === undefined ? giftOf(account) : { role: account.role })));
      return now;
    });
  return (
    <div class="operator-acts">
      {error !== null && <Notice kind="error">{error}</Notice>}
      <div class="operator-filter">
        <label>
          <span>{role}</span>
          <select value={account.role} disabled={isBusy} onChange={(event) => change({ role: event.currentTarget.value as Account["role"] })} data-testid="account-role">
            {roles.map((one) => (
              <option key={one} value={one}>
                {roleNames[one]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Gift key={account.given?.tier ?? ""} account={account} isBusy={isBusy} onGive={change} />
      {account.has_codes && <TurnCodesOff account={account} isBusy={isBusy} onTurnOff={() => ask(() => turnCodesOff(account.id))} />}
      {account.sessions > 0 && <EndSessions account={account} isBusy={isBusy} onEnd={() => ask(() => endSessions(account.id))} />}
      <p class="operator-links">
        <Link href={`/operator/log?by=account:${account.id}`} data-testid="account-did">
          {didWhat}
        </Link>
        <Link href={`/operator/log?about=account:${account.id}`}>{doneTo}</Link>
      </p>
    </div>
  );
}

/** For an account that somebody else got into. What is ended cannot be begun from here. */
function EndSessions({ account, isBusy, onEnd }: { account: Account; isBusy: boolean; onEnd: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const { sessions, endSessions: end, endSessionsTitle, endSessionsText, keepSessions } = words();
  return (
    <div class="operator-filter">
      <span>{sessions(account.sessions)}</span>
      <button type="button" class="button" disabled={isBusy} onClick={() => setAsking(true)} data-testid="end-sessions">
        {end}
      </button>
      {isAsking && (
        <ConfirmDialog title={endSessionsTitle(account.email)} confirmLabel={end} keepLabel={keepSessions} onConfirm={onEnd} onClose={() => setAsking(false)}>
          {endSessionsText}
        </ConfirmDialog>
      )}
    </div>
  );
}
