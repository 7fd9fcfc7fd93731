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

  claim: ["Filme ton ascension.", "Vois comment tu bouges."],
  claimText: "Un téléphone, une vidéo : ton squelette, ton équilibre et tes angles, dessinés sur chaque image.",
  createForm: "Créer un compte",
  createTitle: "Crée ton compte",
  welcome: "Content de te revoir",
  email: "E-mail",
  name: "Nom",
  optional: "facultatif",
  password: "Mot de passe",
  passwordHint: (count) => `${count} caractères au moins`,
  showPassword: "Montrer le mot de passe",
  show: "Montrer",
  hide: "Cacher",
  moment: "Un instant …",
  create: "Créer le compte",
  logIn: "Se connecter",
  haveOne: "J’ai déjà un compte",
  newHere: "Je suis nouveau ici",
};
