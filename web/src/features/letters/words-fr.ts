/** Letters and passwords in French. */

import type { en } from "./words-en.ts";

export const fr: typeof en = {
  email: "E-mail",
  password: "Mot de passe",
  newPassword: "Nouveau mot de passe",
  moment: "Un instant …",
  toLogIn: "Retour à la connexion",

  forgotTitle: "Mot de passe oublié ?",
  forgotText: "Nous t’envoyons une lettre avec un lien pour en choisir un nouveau.",
  forgotSend: "Envoyer la lettre",

  sentTitle: "Regarde ton courrier",
  sentText: (email) => `Une lettre part vers ${email}. Ouvre son lien pour continuer.`,
  sentHelp: "Pas de lettre ?",
  sentHelpList: [
    "Laisse-lui deux minutes, et regarde dans les indésirables.",
    "L’adresse ci-dessus est-elle la bonne ? Sinon, recommence.",
    "Une lettre ne part que là où elle a un sens : pour un mot de passe, vers l’adresse du compte.",
  ],
  sentAgain: "La renvoyer",
  sentAgainDone: "C’est demandé. Si rien ne vient en quelques minutes, c’est l’adresse.",

  verifyTitle: "Confirme ton e-mail",
  verifyText: "Tape le mot de passe que tu as choisi. Ton compte sera alors prêt.",
  verifyDone: "Confirmer et se connecter",

  resetTitle: "Choisis un nouveau mot de passe",
  resetText: "Tous les appareils connectés en ce moment seront déconnectés.",
  resetSave: "Enregistrer",
  resetDone: "Ton nouveau mot de passe est en place. Connecte-toi avec lui.",

  linkLost: "Ce lien n’est pas entier. Ouvre-le encore une fois depuis la lettre.",
  linkOld: "Demander une nouvelle lettre",
};
