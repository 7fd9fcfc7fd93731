/** What the app on a device says in French. */

import type { en } from "./words-en.ts";

export const fr: typeof en = {
  newVersion: "Une nouvelle version est prête.",
  useIt: "L’utiliser",
  later: "Plus tard",
  whileSending: "Ton clip est en cours d’envoi. La nouvelle version attend qu’il soit arrivé.",
  typedLost: "Ce que tu as écrit ici sans l’enregistrer serait perdu.",
  useAnyway: "L’utiliser quand même",
  title: "L’application sur cet appareil",
  installText: "Mets Ascension sur ton écran d’accueil : elle s’ouvre comme une application, en plein écran, même sans réseau.",
  install: "Installer l’application",
  installed: "Tu utilises l’application installée.",
  noInstall: "Ce navigateur ne propose pas d’installer d’applications. Son menu contient peut-être « Ajouter à l’écran d’accueil ».",
  iosSteps: ["Touche Partager dans la barre de Safari.", "Choisis « Sur l’écran d’accueil »."],
  notNow: "Pas maintenant",
  kept: "Ascension garde ses propres pages sur cet appareil pour s’ouvrir sans réseau. Tes ascensions et tes résultats n’en font pas partie.",
  notKept: "Ce navigateur ne garde aucune page d’Ascension : il lui faut un réseau pour s’ouvrir.",
};
