/** The calendar in French. */

import type { en } from "./words-en.ts";

const counted = (count: number, one: string, many: string) => `${count} ${count < 2 ? one : many}`;

export const fr: typeof en = {
  title: "Calendrier",
  note: "Le nombre dit combien tu as essayé ce jour-là, ✓ un enchaînement. Choisis un jour pour voir ses ascensions.",
  earlier: "Le mois d’avant",
  later: "Le mois d’après",
  loading: "Lecture du mois …",
  nothing: "rien de grimpé",
  day: (climbs, tries, sends) => `${counted(climbs, "film", "films")}, ${counted(tries, "essai", "essais")}, ${counted(sends, "enchaînement", "enchaînements")}`,
  spoken: (day, what) => `${day} : ${what}`,
  sent: "enchaînée",
  notSent: "pas enchaînée",
  unknown: "enchaînée ou non : inconnu",
  attempt: (attempt) => `essai ${attempt}`,
  unfilmed: (tries) => `${counted(tries, "essai", "essais")} sans film`,
  noRoute: "sans voie",
};
