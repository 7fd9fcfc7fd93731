import "./plans.css";

import { useEffect, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { ProgressBar } from "../../components/progress-bar.tsx";
import { formatBytes, formatDay } from "../../lib/format.ts";
import { showToast } from "../../lib/toast.ts";
import { reloadUser } from "../../lib/user.ts";
import { PasswordGate, type Shown } from "../account/password-gate.tsx";
import { hasPasskey } from "../account/requests.ts";
import { useStep } from "../../lib/use-step.ts";
import { Offers } from "./offers.tsx";
import { changePlan, openPortal, tiers, type Offer, type Plan, type Tier } from "./requests.ts";
import { usePlan } from "./use-plan.ts";
import { words } from "./words.ts";

/** What the account's plan holds and how much of it is used; where plans are sold, the others, too. */
export function PlanSection() {
  const { plan, setPlan, trouble, back } = usePlan();
  const { isBusy, error, take } = useStep();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { title, loading, waiting, notYet, tooYoung, pay, invoices } = words();
  const changeTo = async (wanted: Tier, done: (now: Plan) => string, password: Shown) => {
    const now = await changePlan(wanted, password);
    setPlan(now);
    showToast(done(now));
    void reloadUser().catch(() => undefined); // the last known numbers stay
  };
  const ask = (label: string, go: Asked["go"]) => take(async () => setAsked({ label, go, passkey: await hasPasskey() }));
  const change = (wanted: Tier, done: (now: Plan) => string) => {
    const isMore = tiers.indexOf(wanted) > tiers.indexOf(plan?.paid?.tier ?? "free");
    if (isMore) ask(words().change(words().plan[wanted]), (password) => changeTo(wanted, done, password));
    else take(() => changeTo(wanted, done, null));
  };
  const isHeld = isBusy || asked !== null;
  return (
    <section class="plan" aria-labelledby="your-plan" data-testid="plan">
      <h2 id="your-plan">{title}</h2>
      {trouble !== null && <Notice kind="error">{trouble}</Notice>}
      {plan === null && trouble === null && <p aria-busy="true">{loading}</p>}
      {back !== "no" && <Notice kind="info">{back === "waiting" ? waiting : notYet}</Notice>}
      {plan !== null && <PlanNow plan={plan} isBusy={isHeld} onKeep={(tier) => change(tier, () => words().stays(words().plan[tier]))} onPortal={() => ask(plan.paid?.state === "past_due" ? pay : invoices, openPortal)} />}
      {asked !== null && <Gate asked={asked} onEnd={() => setAsked(null)} />}
      {error !== null && <Notice kind="error">{error}</Notice>}
      {plan?.can_pay === true && plan.is_too_young && <p data-testid="too-young">{tooYoung}</p>}
      {plan?.can_pay === true && <Offers plan={plan} isBusy={isHeld} take={take} change={change} />}
    </section>
  );
}

/** What costs money is done once it was shown again who asks for it. */
interface Asked {
  label: string;
  passkey: boolean;
  go: (password: Shown) => Promise<void>;
}

function Gate({ asked: { label, passkey, go }, onEnd }: { asked: Asked; onEnd: () => void }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("input")?.focus(), []);
  const finish = async (password: Shown) => {
    await go(password);
    onEnd();
  };
  return (
    <div ref={box}>
      <PasswordGate label={label} hasPasskey={passkey} onShown={finish} onCancel={onEnd}>
        <p>{words().sure}</p>
      </PasswordGate>
    </div>
  );
}

interface NowProps {
  plan: Plan;
  isBusy: boolean;
  onKeep: (tier: Tier) => void;
  onPortal: () => void;
}

function PlanNow({ plan, isBusy, onKeep, onPortal }: NowProps) {
  const say = words();
  const holds = plan.plans.find((one) => one.tier === plan.tier);
  const { paid } = plan;
  return (
    <div class="plan-now" data-testid="plan-now">
      <h3>{say.plan[plan.tier]}</h3>
      <Standing plan={plan} />
      {holds !== undefined && <Uses plan={plan} holds={holds} />}
      {paid !== null && plan.can_pay && (
        <div class="plan-actions">
          {paid.next_tier !== paid.tier && (
            <button type="button" class="button button-primary" disabled={isBusy} onClick={() => onKeep(paid.tier)} data-testid="keep-plan">
              {say.keep(say.plan[paid.tier])}
            </button>
          )}
          <button type="button" class={paid.state === "past_due" ? "button button-primary" : "button"} disabled={isBusy} onClick={onPortal} data-testid="portal">
            {paid.state === "past_due" ? say.pay : say.invoices}
          </button>
        </div>
      )}
    </div>
  );
}

/** Until when it holds, and why. */
function Standing({ plan: { tier, paid, given } }: { plan: Plan }) {
  const say = words();
  const isGiven = given !== null && given.tier === tier && paid?.tier !== tier;
  return (
    <>
      {isGiven && <p>{given.ends_at === null ? say.given : say.givenUntil(formatDay(given.ends_at))}</p>}
      {paid !== null && paid.state === "active" && (
        <p>
          {paid.next_tier === paid.tier && say.renews(formatDay(paid.period_end))}
          {paid.next_tier === "free" && say.ends(formatDay(paid.period_end))}
          {paid.next_tier !== "free" && paid.next_tier !== paid.tier && say.becomes(say.plan[paid.next_tier], formatDay(paid.period_end))}
        </p>
      )}
      {paid !== null && paid.state === "past_due" && paid.grace_until !== null && (
        <Notice kind="error" testId="payment-due">
          {new Date(paid.grace_until).getTime() > Date.now() ? say.due(say.plan[paid.tier], formatDay(paid.grace_until)) : say.lapsed(say.plan[paid.tier])}
        </Notice>
      )}
      {given !== null && !isGiven && <p class="plan-soft">{say.givenToo(say.plan[given.tier])}</p>}
    </>
  );
}

function Uses({ plan, holds }: { plan: Plan; holds: Offer }) {
  const say = words();
  const analyses = say.analyses(plan.quota.used, plan.quota.limit);
  const saved = say.saved(formatBytes(plan.saved_bytes), formatBytes(holds.saved_max_bytes));
  return (
    <>
      <div class="plan-uses">
        <Use label={analyses} share={plan.quota.used / plan.quota.limit} />
        <Use label={saved} share={plan.saved_bytes / holds.saved_max_bytes} />
      </div>
      {plan.saved_bytes > holds.saved_max_bytes && <Notice kind="info">{say.tooMuchSaved}</Notice>}
    </>
  );
}

/** A plan may hold nothing of something: then all of it is used. */
function Use({ label, share }: { label: string; share: number }) {
  return (
    <div class="plan-use">
      <span>{label}</span>
      <ProgressBar label={label} percent={Number.isFinite(share) ? Math.min(100, 100 * share) : 100} />
    </div>
  );
}
