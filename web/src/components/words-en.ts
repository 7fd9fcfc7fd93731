/** What parts of every page say in English. */
export const en = {
  keep: "Keep it",
  broken: "This page ran into a mistake of ours. Your climbs are safe.",
  reload: "Load it again",
  again: "Try again",
  undo: "Undo",
  optional: "(optional)",
  showPassword: "Show password",
  show: "Show",
  hide: "Hide",
  passwordHint: (count: number) => `at least ${count} characters`,
  passwordIdea: "Three or four unrelated words are strong, and easy to keep in mind.",
  passwordMissing: (count: number) => (count === 1 ? "One more character." : `${count} more characters.`),
  passwordLong: "Long enough. One more word makes it stronger.",
  passwordStrong: "Nice and long.",
  unitOf: (what: string) => `Unit: ${what}`,
  badLength: { cm: (least: number, most: number) => `Between ${least} and ${most} cm, please.`, ft: (least: string, most: string) => `Between ${least} and ${most}, please.` },
};
