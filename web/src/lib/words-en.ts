/** What goes wrong on every page, and what grades are called, in English. What the API says of its own errors is in refusals.ts. */
export const en = {
  noAnswer: "No connection to Ascension. Check your network.",
  unreachable: "Ascension is not reachable right now. Try again in a moment.",
  refused: "The request was refused.",
  tooSlow: "Ascension took too long to answer. Try again.",
  offline: "You are offline. It goes on by itself when the network is back.",
  someoneElse: "Somebody else has logged in in this browser. Log in again to go on.",
  /** Without seconds: at once. Who is told so need not be asked to do it. */
  tryingAgain: (reason: string, seconds: number | null) => `${reason.replace(/\s*[;.] try again[^.;]*\.$/i, ".")} Trying again ${seconds === null ? "" : `in ${seconds} s `}…`,
  usedUp: (limit: number, day: string) => `All ${limit} analyses of this month are used. New ones start on ${day}; your climbs stay.`,
  aboutGrade: (grade: string, scale: string) => `about ${grade} (${scale})`,
  scales: { french: "French", yds: "YDS", uiaa: "UIAA", font: "Font", v: "V" },
};
