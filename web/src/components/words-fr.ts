/** What parts of every page say in French. */

import type { en } from "./words-en.ts";

export const fr: typeof en = {
  keep: "Garder",
  broken: "Cette page a rencontré une erreur de notre part. Tes ascensions sont en sécurité.",
  reload: "Recharger",
  again: "Réessayer",
  undo: "Annuler",
  optional: "(facultatif)",
  unitOf: (what) => `Unité : ${what}`,
  badLength: { cm: (least, most) => `Entre ${least} et ${most} cm, s’il te plaît.`, ft: (least, most) => `Entre ${least} et ${most}, s’il te plaît.` },
};
