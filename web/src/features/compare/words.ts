/** What is said of a comparison: sentences of the words of one language and the numbers of the API. */

import { wordsIn } from "../../lib/language.ts";
import { fixedWords, lengthWords, limbWords, percentWords } from "../../lib/terms.ts";
import type { Compared, ComparisonBrief, Difference, Section, SideName, Unit } from "./comparison.ts";
import { en, type DifferenceParts } from "./words-en.ts";
import { fr } from "./words-fr.ts";

export const words = wordsIn({ en, fr });

/** Costs below this are not worth a number. */
const leastCostS = 0.05;
const leastPath = 0.05;
/** Two costs that are one. */
const sameS = 0.1;

/** Above 0 the second spent more. */
function loser(cost: number): SideName {
  return cost > 0 ? "second" : "first";
}

/** What the two took, and the one thing that cost the most. */
export function headlineWords({ headline, differences, is_whole: isWhole }: Compared): { what: string; why: string } {
  const { quicker, difference_s: difference, main, main_cost_s: cost, first_s: first, second_s: second } = headline;
  const what = words().headline({ quicker, isWhole, seconds: secondsWords(difference) });
  const times = words().bothTimes(fixedWords(first, 1), fixedWords(second, 1));
  const cause = differences.find(({ number }) => number === main);
  if (cause === undefined || cost === null) return { what: `${what}.`, why: times };
  const thing = words().cause(partsOf(cause));
  return { what: `${what}.`, why: `${shareWords(cost, quicker === "even" ? 0 : difference, thing)} ${times}` };
}

/** How much of a difference one thing is: all, a part, or more than was made good elsewhere. */
function shareWords(cost: number, difference: number, thing: string): string {
  if (Math.abs(cost - difference) < sameS) return words().mainAll(thing);
  const isPart = Math.sign(cost) === Math.sign(difference) && Math.abs(cost) < Math.abs(difference);
  return isPart ? words().mainOfThat(secondsWords(cost), thing) : words().mainAlone(secondsWords(cost), thing, loser(cost));
}

/** What a list says of a comparison: who was quicker, or how far it is. */
export function briefWords({ state, headline }: Pick<ComparisonBrief, "state" | "headline">): string {
  if (state !== "completed" || headline === null) return words().choose.states[state];
  return words().headline({ quicker: headline.quicker, isWhole: true, seconds: secondsWords(headline.difference_s) });
}

function partsOf({ kind, who, limbs, holds, before_hold: before }: Difference): DifferenceParts {
  return { kind, who: who === "both" ? null : who, limbs: limbs.map((limb) => limbWords(limb).toLowerCase()).join(", "), holds, before };
}

export function differenceWords(difference: Difference): string {
  return words().difference(partsOf(difference));
}

/** "cost the second 2.1 s · 0.34 m more way for the second · 82 % sure" */
export function costWords({ cost_s: cost, cost_path: path, confidence }: Difference, unit: Unit): string {
  const time = cost === null ? words().costUnknown : Math.abs(cost) < leastCostS ? words().costNoTime : words().costTime(secondsWords(cost), loser(cost));
  const way = path === null || Math.abs(path) < leastPath ? [] : [words().costPath(lengthWords(Math.abs(path), unit), loser(path))];
  return [time, ...way, words().sure(percentWords(confidence))].join(" · ");
}

/** "+2.1 s"; "" where it is not known or not worth a number. */
export function signedSeconds(cost: number | null): string {
  return cost === null || Math.abs(cost) < leastCostS ? "" : `${signed(cost, 1)}\u00a0s`;
}

export function signed(value: number, decimals: number): string {
  return `${value > 0 ? "+" : ""}${fixedWords(value, decimals)}`;
}

function secondsWords(seconds: number): string {
  return fixedWords(Math.abs(seconds), 1);
}

export function sectionWords({ from_hold: from, to_hold: to }: Section): string {
  return words().section(from, to);
}
