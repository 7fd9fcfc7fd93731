import { useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { formatBytes, formatDay } from "../../lib/format.ts";
import { amountWords } from "./price.ts";
import { buy, tiers, type Offer, type Plan, type Tier } from "./requests.ts";
import { words } from "./words.ts";

interface Props {
  plan: Plan;
  isBusy: boolean;
  take: (step: () => Promise<void>) => void;
  change: (wanted: Tier, done: (now: Plan) => string) => void;
}

/** The plans that can be had instead. While a payment is due, and for who is too young, none but the end. */
export function Offers({ plan, isBusy, take, change }: Props) {
  const [asked, setAsked] = useState<Offer | null>(null);
  const say = words();
  const { paid } = plan;
  const others = plan.plans.filter(({ tier }) => {
    if (paid === null) return tier !== "free" && !plan.is_too_young;
    const isEndOnly = paid.state !== "active" || plan.is_too_young;
    return tier !== paid.tier && tier !== paid.next_tier && (!isEndOnly || tier === "free");
  });
  if (others.length === 0) return null;
  return (
    <>
      <h3>{say.others}</h3>
      {paid === null && <p class="plan-soft">{say.buyText}</p>}
      <ul class="plan-offers" data-testid="offers">
        {others.map((offer) => (
          <OfferCard key={offer.tier} offer={offer} plan={plan} isBusy={isBusy} onChoose={() => (paid === null && offer.tier !== "free" ? take(() => buy(offer.tier as Exclude<Tier, "free">)) : setAsked(offer))} />
        ))}
      </ul>
      {asked !== null && <Question offer={asked} plan={plan} onConfirm={() => change(asked.tier, (now) => outcome(asked.tier, now))} onClose={() => setAsked(null)} />}
    </>
  );
}

function outcome(wanted: Tier, { paid }: Plan): string {
  const say = words();
  if (paid === null || paid.tier === wanted) return say.changed(say.plan[wanted]);
  return wanted === "free" ? say.willEnd(formatDay(paid.period_end)) : say.willChange(say.plan[wanted], formatDay(paid.period_end));
}

interface CardProps {
  offer: Offer;
  plan: Plan;
  isBusy: boolean;
  onChoose: () => void;
}

function OfferCard({ offer, plan, isBusy, onChoose }: CardProps) {
  const say = words();
  const name = say.plan[offer.tier];
  const free = plan.plans.find(({ tier }) => tier === "free")?.queue_weight ?? 1;
  const tax = offer.price === null ? "" : say.taxes[offer.price.tax];
  const label = plan.paid === null ? say.choose(name) : offer.tier === "free" ? say.end : say.change(name);
  return (
    <li data-testid={`offer-${offer.tier}`}>
      <h4>{name}</h4>
      {offer.tier !== "free" && (
        <p>
          {offer.price === null ? <span class="plan-soft">{say.noPrice}</span> : <strong>{say.price(amountWords(offer.price))}</strong>}
          {tax !== "" && <span class="plan-soft">, {tax}</span>}
        </p>
      )}
      <ul>
        <li>{say.holdsAnalyses(offer.analyses_per_month)}</li>
        <li>{say.holdsRoom(formatBytes(offer.saved_max_bytes))}</li>
        {offer.queue_weight > free && <li>{say.holdsTurns(Math.round(offer.queue_weight / free))}</li>}
      </ul>
      <button type="button" class="button" disabled={isBusy || (offer.tier !== "free" && offer.price === null)} onClick={onChoose} data-testid={`choose-${offer.tier}`}>
        {label}
      </button>
    </li>
  );
}

function Question({ offer, plan, onConfirm, onClose }: { offer: Offer; plan: Plan; onConfirm: () => void; onClose: () => void }) {
  const say = words();
  const { paid } = plan;
  if (paid === null) return null;
  const day = formatDay(paid.period_end);
  const isMore = tiers.indexOf(offer.tier) > tiers.indexOf(paid.tier);
  const isFree = offer.tier === "free";
  const tooMuch = plan.saved_bytes > offer.saved_max_bytes ? ` ${say.keepsLess(formatBytes(plan.saved_bytes), formatBytes(offer.saved_max_bytes))}` : "";
  return (
    <ConfirmDialog
      title={isFree ? say.endTitle : say.changeTitle(say.plan[offer.tier])}
      confirmLabel={isFree ? say.end : say.change(say.plan[offer.tier])}
      keepLabel={say.cancel}
      isDestructive={isFree}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      {isFree ? say.endText(day) : isMore ? say.more : say.less(day)}
      {tooMuch}
    </ConfirmDialog>
  );
}
