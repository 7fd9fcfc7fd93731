import type { Analysis } from "../../lib/api.ts";
import { attemptsIn } from "../../lib/attempts.ts";
import type { AttemptChoice } from "./requests.ts";

/** An attempt that may be compared with. */
export interface Candidate {
  analysis: Analysis;
  /** From 1. */
  attempt: number;
  outcome: string;
  /** The only one of its clip. */
  isOnly: boolean;
}

/** How each attempt of a climb ended; null before it is analyzed. Results from before attempts were counted: one, nothing known of it. */
export function outcomesOf({ summary }: Pick<Analysis, "summary">): readonly string[] | null {
  if (summary === null) return null;
  return attemptsIn(summary)?.map(({ outcome }) => outcome) ?? ["unknown"];
}

/** Other attempts of the clip, then climbs of the same route, then the rest; each newest first. */
export function candidatesOf(climb: Analysis, attempt: number, climbs: readonly Analysis[]): Record<"here" | "sameRoute" | "others", Candidate[]> {
  const rest = climbs.filter(({ id }) => id !== climb.id).flatMap(attemptsOf);
  const isSame = ({ analysis }: Candidate) => climb.route !== null && nameOf(analysis) === nameOf(climb);
  return {
    here: attemptsOf(climb).filter((one) => one.attempt !== attempt),
    sameRoute: rest.filter(isSame),
    others: rest.filter((one) => !isSame(one)),
  };
}

function attemptsOf(analysis: Analysis): Candidate[] {
  const outcomes = outcomesOf(analysis) ?? [];
  return outcomes.map((outcome, index) => ({ analysis, attempt: index + 1, outcome, isOnly: outcomes.length === 1 }));
}

/** Written in another way it is the same route. */
function nameOf({ route }: Analysis): string | null {
  return route?.trim().toLocaleLowerCase() ?? null;
}

/** The earlier one is the first: what the second does differently is what has changed since. Ids grow with time. */
export function ordered(one: AttemptChoice, other: AttemptChoice): [AttemptChoice, AttemptChoice] {
  const isEarlier = one.analysis_id === other.analysis_id ? one.attempt < other.attempt : one.analysis_id < other.analysis_id;
  return isEarlier ? [one, other] : [other, one];
}
