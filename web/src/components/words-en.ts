/** What parts of every page say in English. */
export const en = {
  keep: "Keep it",
  broken: "This page ran into a mistake of ours. Your climbs are safe.",
  reload: "Load it again",
  again: "Try again",
  undo: "Undo",
  optional: "(optional)",
  unitOf: (what: string) => `Unit: ${what}`,
  badLength: { cm: (least: number, most: number) => `Between ${least} and ${most} cm, please.`, ft: (least: string, most: string) => `Between ${least} and ${most}, please.` },
};
