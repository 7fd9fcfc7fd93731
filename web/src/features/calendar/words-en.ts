/** The calendar in English. */

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const en = {
  title: "Calendar",
  note: "A number is how often you tried that day, ✓ a send. Choose a day to see its climbs.",
  earlier: "The month before",
  later: "The month after",
  loading: "Looking at the month …",
  nothing: "nothing climbed",
  day: (climbs: number, tries: number, sends: number) => `${counted(climbs, "film", "films")}, ${counted(tries, "try", "tries")}, ${counted(sends, "send", "sends")}`,
  spoken: (day: string, what: string) => `${day}: ${what}`,
  sent: "sent",
  notSent: "not sent",
  unknown: "sent or not: not known",
  attempt: (attempt: number) => `attempt ${attempt}`,
  unfilmed: (tries: number) => `${counted(tries, "try", "tries")} without a film`,
  noRoute: "no route",
};
