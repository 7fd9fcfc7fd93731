/** What parts of every page say in French. */

import type { en } from "./words-en.ts";

export const fr: typeof en = {
  keep: "Garder",
  starting: "Ascension démarre",
  startsLater: "Tes ascensions apparaissent d’elles-mêmes dès que le réseau revient.",
  loading: "Chargement de la page",
  pageMissing: "Cette page n’est pas arrivée. Nouvel essai dès que le réseau revient.",
  broken: "Cette page a rencontré une erreur de notre part. Tes ascensions sont en sécurité.",
  reload: "Recharger",
  again: "Réessayer",
  look: "Regarder",
  undo: "Annuler",
  optional: "(facultatif)",
  showPassword: "Montrer le mot de passe",
  show: "Montrer",
  hide: "Cacher",
  passwordHint: (count) => `${count} caractères au moins`,
  passwordIdea: "Trois ou quatre mots sans lien sont solides, et faciles à retenir.",
  passwordMissing: (count) => (count === 1 ? "Encore un caractère." : `Encore ${count} caractères.`),
  passwordLong: "Assez long. Un mot de plus le rend plus solide.",
  passwordStrong: "Bien long.",
  unitOf: (what) => `Unité : ${what}`,
  badLength: { cm: (least, most) => `Entre ${least} et ${most} cm, s’il te plaît.`, ft: (least, most) => `Entre ${least} et ${most}, s’il te plaît.` },
  trash: {
    restore: "Ressortir",
    restoreOf: (name) => `Ressortir ${name}`,
    removeOf: (name) => `Supprimer ${name} pour de bon`,
    left: (days) => (days === 0 ? "part à l’instant" : days === 1 ? "reste 1 jour" : `restent ${days} jours`),
  },
};
