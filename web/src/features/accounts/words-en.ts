/** Accounts in English. */
export const en = {
  account: (name: string) => `Account of ${name}`,
  used: (used: number, limit: number) => `${used} of ${limit} analyses used this month`,
  plan: (tier: string, day: string) => `${tier} plan, starts over on ${day}`,
  pages: "Pages",
  climbs: "Your climbs",
  progress: "Your progress",
  you: "You as a climber",
  language: "Language",
  logOut: "Log out",
};
