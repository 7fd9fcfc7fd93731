/** The words of comparisons in English. */

import type { Difference, Headline, SideName } from "./comparison.ts";

const the: Record<SideName, string> = { first: "the first", second: "the second" };
const The: Record<SideName, string> = { first: "The first", second: "The second" };

/** Parts of a sentence about a difference, as the language wants them; "" where there is nothing to say. */
export interface DifferenceParts {
  kind: Difference["kind"];
  /** null: both, each in its own way. */
  who: SideName | null;
  /** "left hand" */
  limbs: string;
  /** Numbers of holds. */
  holds: readonly number[];
  before: number | null;
}

export const en = {
  title: "Compare",
  loopSection: "Loop section",
  sides: { first: "First", second: "Second" } as Record<SideName, string>,
  /** Above the pictures. */
  headline: ({ quicker, isWhole, seconds }: { quicker: Headline["quicker"]; isWhole: boolean; seconds: string }) => {
    const what = quicker === "even" ? "Both took the same time" : `${The[quicker]} was ${seconds} s quicker`;
    return isWhole ? what : `${what} on what both climbed`;
  },
  bothTimes: (first: string, second: string) => `First ${first} s, second ${second} s.`,
  mainOfThat: (seconds: string, what: string) => `${seconds} s of that is ${what}.`,
  mainAll: (what: string) => `All of that is ${what}.`,
  mainAlone: (seconds: string, what: string, who: SideName) => `${what.charAt(0).toUpperCase()}${what.slice(1)} alone cost ${the[who]} ${seconds} s.`,
  /** "the pause before hold 5" */
  cause: ({ kind, who, before, holds }: DifferenceParts) => {
    const whose = who === null ? "" : ` of ${the[who]}`;
    const causes: Record<Difference["kind"], string> = {
      pause: "the pause",
      other_hold: "another hold",
      other_limb: "another hand or foot on a hold",
      other_order: "another order of holds",
      extra_move: "an extra move",
      readjustment: "a regrip",
      foot_cut: `the feet coming off`,
      slip: "the slip",
      detour: "the detour",
      fall: "the fall",
    };
    const place = before === null ? (holds[0] === undefined ? whose : ` at hold ${holds[0]}`) : ` before hold ${before}`;
    return `${causes[kind]}${place}`;
  },
  /** "The second paused before hold 5." */
  difference: ({ kind, who, limbs, holds, before }: DifferenceParts) => {
    const A = who === null ? "Both" : The[who];
    const by = limbs === "" ? "" : ` (${limbs})`;
    const numbers = holds.join(", ");
    const sentences: Record<Difference["kind"], string> = {
      pause: `${A} paused`,
      other_hold: holds.length === 2 ? `The first used hold ${String(holds[0])}, the second hold ${String(holds[1])}${by}` : `${A} used hold ${numbers}, the other did not${by}`,
      other_limb: `Hold ${numbers} with another hand or foot${by}`,
      other_order: `Holds ${numbers} in another order`,
      extra_move: `${A} made one move more${by}`,
      readjustment: `${A} gripped${numbers === "" ? "" : ` hold ${numbers}`} again${by}`,
      foot_cut: `${A} had the feet off the wall${by}`,
      slip: `${A} slipped${by}`,
      detour: `${A} went a longer way`,
      fall: `${A} fell`,
    };
    return `${sentences[kind]}${before === null || holds.includes(before) ? "" : ` before hold ${before}`}.`;
  },
  costTime: (seconds: string, who: SideName) => `cost ${the[who]} ${seconds} s`,
  costNoTime: "cost no time",
  costUnknown: "cost not known",
  costPath: (length: string, who: SideName) => `${length} more way for ${the[who]}`,
  sure: (share: string) => `${share} sure`,
  jumpTo: (first: string, second: string) => `Go to ${first} in the first, ${second} in the second.`,
  sureBoth: (share: number) => `${Math.round(100 * share)}\u00a0% sure`,
  absent: "–",
  differences: "Where they differ",
  noDifferences: "Same holds, same order, no pause that stands out: the two do not differ by more than can be seen.",
  differencesNote: "Some of these costs lie in the same moments: they do not add up.",
  sections: "From hold to hold",
  section: (from: number | null, to: number | null) =>
    from !== null && from === to ? `On hold ${from}` : `${from === null ? "Start" : `Hold ${from}`} → ${to === null ? "end" : `hold ${to}`}`,
  sectionShort: (from: number | null, to: number | null) =>
    from !== null && from === to ? `On hold ${from}` : `${from === null ? "Start" : `Hold ${from}`} → ${to ?? "end"}`,
  sectionBar: (name: string, first: string, second: string) => `${name}: first ${first} s, second ${second} s`,
  sectionNote: "Seconds of each. Hatched: at rest. A tap goes there.",
  measures: "Measures of what both climbed",
  measuresCount: (count: number) => `${count} on both sides`,
  measuresNone: "No measure is known on both sides.",
  notCompared: (count: number) => `${count} not comparable, because …`,
  measureHead: { name: "Measure", difference: "Difference" },
  whyNot: {
    unknown_in_first: "Not measured in the first.",
    unknown_in_second: "Not measured in the second.",
    unknown_in_both: "Measured in neither.",
    other_unit: "The two were measured in different units: tell both climbs the climber’s height.",
  },
  views: { video: "Video", overlaid: "Overlaid", wall: "Wall" },
  viewLabel: "How the two are shown",
  noOverlay: "The wall around the climber was not followed in one of the clips, so one cannot be put over the other.",
  noWall: "The first clip has no picture of its wall.",
  offWall: "One of them has no place on the wall here",
  holdsLabel: (count: number) => `${count} holds in the order of use; those that only one climber used are in that climber’s color.`,
  position: "Position on the way, both together",
  positionWords: ({ section, first, second, waits }: { section: string; first: string; second: string; waits: SideName | null }) =>
    `${section}. First ${first}, second ${second}${waits === null ? "" : `; ${the[waits]} waits`}`,
  waits: "waits",
  drawn: "What is drawn",
  how: "Both reach each hold together: who was quicker is slowed down or waits. Nobody runs faster than filmed.",
  cameraLabel: { first: "The first climb", second: "The second climb" } as Record<SideName, string>,
  fetching: "Fetching the skeleton …",
  loading: "Fetching the comparison …",
  under_way: "The two are being compared",
  under_way_note: "It takes a few seconds. You can leave this page; the comparison waits here.",
  remaking: "One of the two was corrected: they are being compared anew.",
  stale: "One of the two was corrected or analyzed again since. What is shown here is from before.",
  again: "Compare anew",
  retry: "Try again",
  other: "Choose another climb",
  toClimbs: "Your climbs",
  broken: "This comparison does not fit the climbs any more. Compare them anew.",
  delete: "Delete this comparison",
  deleteAsk: "Delete this comparison?",
  deleteWhat: "Only the comparison goes; both climbs stay.",
  deleteDo: "Delete",
  deleted: "The comparison is deleted",
  back: "Back to the climb",
  clipOf: (name: string, climber: string) => `${name} by ${climber}`,
  versus: (first: string, second: string) => `${first} and ${second}`,
  sameName: (name: string, first: string, second: string) => `${name}: ${first}, ${second}`,
  sameClip: (name: string, first: number, second: number) => `${name}: attempts ${first} and ${second}`,
  choose: {
    title: "Compare with …",
    which: "Which attempt of this climb?",
    attempt: (number: number, outcome: string) => `Attempt ${number}: ${outcome}`,
    here: "This clip",
    sameRoute: (route: string) => `Same route: ${route}`,
    others: "Your other climbs",
    othersSeen: "Other climbs that you see",
    othersNote: "Only two climbs of the same route can be compared: the wall has to be the same.",
    earlier: "Compared before",
    more: "Show older climbs",
    notReady: "This climb has to be analyzed first.",
    noAttempt: "Nobody climbs in this clip, so there is nothing to compare.",
    emptySeen: "You see no second climb yet.",
    emptyTitle: "There is no second climb yet",
    emptySteps: [
      ["Climb the same route again", "and film it from about the same place, with the same holds in the picture."],
      ["Add the clip", "to your climbs and wait until it is ready."],
      ["Come back here:", "holds, pauses and ways of the two stand side by side."],
    ] as readonly (readonly [string, string])[],
    emptyAdd: "Add a climb",
    states: {
      queued: "waiting",
      processing: "being compared",
      completed: "compared",
      failed: "did not work",
      canceled: "canceled",
    },
  },
};
