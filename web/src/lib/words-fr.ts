/** What goes wrong on every page, and what grades are called, in French. */

import type { en } from "./words-en.ts";

export const fr: typeof en = {
  noAnswer: "Pas de connexion à Ascension. Vérifie ton réseau.",
  unreachable: "Ascension n’est pas joignable pour l’instant. Réessaie dans un moment.",
  refused: "La demande a été refusée.",
  tooSlow: "Ascension a mis trop de temps à répondre. Réessaie.",
  offline: "Tu es hors ligne. Cela reprend tout seul au retour du réseau.",
  someoneElse: "Quelqu’un d’autre s’est connecté dans ce navigateur. Reconnecte-toi pour continuer.",
  tryingAgain: (reason, seconds) => `${reason.replace(/\s*[;.] réessaie[^.;]*\.$/i, ".")} Nouvel essai ${seconds === null ? "" : `dans ${seconds} s `}…`,
  usedUp: (limit, day) => `Les ${limit} analyses de ce mois sont utilisées. Il y en aura de nouvelles le ${day} ; tes ascensions restent.`,
  aboutGrade: (grade, scale) => `environ ${grade} (${scale})`,
  scales: { french: "française", yds: "YDS", uiaa: "UIAA", font: "Bleau", v: "V" },
};
