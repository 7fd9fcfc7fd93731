/** Accounts in French. */

import type { en } from "./words-en.ts";

export const fr: typeof en = {
  account: (name) => `Compte de ${name}`,
  used: (used, limit) => `${used} ${used < 2 ? "analyse" : "analyses"} sur ${limit} ce mois-ci`,
  plan: (tier, day) => `formule ${tier}, repart à zéro le ${day}`,
  pages: "Pages",
  climbs: "Tes ascensions",
  progress: "Tes progrès",
  you: "Toi, grimpeur",
  language: "Langue",
  logOut: "Se déconnecter",
};
