import type { Analysis } from "../../lib/api.ts";
import { attemptsIn } from "../../lib/attempts.ts";
import type { CoachedClimb, Shared } from "../sharing/requests.ts";
import type { AttemptChoice } from "./requests.ts";

/** A climb that one sees: one's own, or of somebody whom one coaches. */
export interface SeenClimb {
  id: string;
  name: string;
  /** null: one's own. */
  climber: string | null;
  route: string | null;
  createdAt: string;
  hasWallPicture: boolean;
  /** How each attempt ended; null before it is analyzed. */
  outcomes: readonly string[] | null;
}

/** An attempt that may be compared with. */
export interface Candidate {
  climb: SeenClimb;
  /** From 1. */
  attempt: number;
  outcome: string;
  /** The only one of its clip. */
  isOnly: boolean;
}

export function ownClimb(analysis: Analysis): SeenClimb {
  const { id, video, route, created_at: createdAt, has_wall_picture: hasWallPicture } = analysis;
  return { id, name: video.file_name, climber: null, route, createdAt, hasWallPicture, outcomes: outcomesOf(analysis) };
}

/** Their pictures are fetched where the climb is looked at, not in lists. */
export function coachedClimb(climb: CoachedClimb, climber: string): SeenClimb {
  const { id, file_name: name, route, created_at: createdAt, outcomes } = climb;
  return { id, name, climber, route, createdAt, hasWallPicture: false, outcomes: outcomes ?? uncounted };
}

/** The same of a climb that is older than those of the list. */
export function sharedClimb({ id, file_name: name, climber, title: route, created_at: createdAt, outcomes }: Shared): SeenClimb {
  return { id, name: name ?? "", climber, route, createdAt, hasWallPicture: false, outcomes: outcomes ?? uncounted };
}

/** Results from before attempts were counted: one, nothing known of it. */
const uncounted = ["unknown"];

/** How each attempt of a climb ended; null before it is analyzed. */
export function outcomesOf({ summary }: Pick<Analysis, "summary">): readonly string[] | null {
  if (summary === null) return null;
  return attemptsIn(summary)?.map(({ outcome }) => outcome) ?? uncounted;
}

/** Other attempts of the clip, then climbs of the same route, then the rest; each as they come. */
export function candidatesOf(climb: SeenClimb, attempt: number, climbs: readonly SeenClimb[]): Record<"here" | "sameRoute" | "others", Candidate[]> {
  const rest = climbs.filter(({ id }) => id !== climb.id).flatMap(attemptsOf);
  const isSame = ({ climb: other }: Candidate) => climb.route !== null && nameOf(other) === nameOf(climb);
  return {
    here: attemptsOf(climb).filter((one) => one.attempt !== attempt),
    sameRoute: rest.filter(isSame),
    others: rest.filter((one) => !isSame(one)),
  };
}

function attemptsOf(climb: SeenClimb): Candidate[] {
  const outcomes = climb.outcomes ?? [];
  return outcomes.map((outcome, index) => ({ climb, attempt: index + 1, outcome, isOnly: outcomes.length === 1 }));
}

/** Written in another way it is the same route. */
function nameOf({ route }: SeenClimb): string | null {
  return route?.trim().toLocaleLowerCase() ?? null;
}

/** The earlier one is the first: what the second does differently is what has changed since. Ids grow with time. */
export function ordered(one: AttemptChoice, other: AttemptChoice): [AttemptChoice, AttemptChoice] {
  const isEarlier = one.analysis_id === other.analysis_id ? one.attempt < other.attempt : one.analysis_id < other.analysis_id;
  return isEarlier ? [one, other] : [other, one];
}
