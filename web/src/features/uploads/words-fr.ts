/** Uploads in French. */

import type { en } from "./words-en.ts";

export const fr: typeof en = {
  states: {
    waiting: "La prochaine",
    sending: "Envoi",
    finishing: "Vérification de ce qui est arrivé",
    failed: "Envoi arrêté",
    refused: "Ne peut pas être envoyée",
    elsewhere: "Envoi dans un autre onglet",
    unfinished: "Pas terminée la dernière fois",
  },
  dropHere: "Lâche pour l’analyser",
  quota: (left, limit) => `Encore ${left} ${left < 2 ? "analyse" : "analyses"} sur ${limit} ce mois-ci`,
  film: "Filmer",
  choose: "Choisir une vidéo",
  example: "Essayer l’exemple",
  fetching: "Chargement …",
  uploads: "Envois",
  uploadOf: (name) => `Envoi de ${name}`,
  sentOf: (sent, size) => `${sent} sur ${size}`,
  resume: "Choisis de nouveau la même vidéo : seul le reste est envoyé.",
  resumeChoose: "La choisir de nouveau",
  again: "Réessayer",
  cancel: "Annuler",
  discard: "Abandonner",
  cancelOf: (name) => `Annuler l’envoi de ${name}`,
  discardOf: (name) => `Abandonner l’envoi de ${name}`,
  percent: (percent) => `${percent} pour cent`,
};
