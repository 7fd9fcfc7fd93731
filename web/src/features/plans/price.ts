import { numberFormat } from "../../lib/formats.ts";
import type { Offer } from "./requests.ts";

/** 2000 cents of EUR -> "€20.00"; a currency has as many decimals as it has. */
export function amountWords({ amount, currency }: NonNullable<Offer["price"]>): string {
  const money = numberFormat({ style: "currency", currency });
  const decimals = money.resolvedOptions().maximumFractionDigits ?? 2;
  return money.format(amount / 10 ** decimals);
}
