/** Privacy in French. */

import type { en } from "./words-en.ts";

export const fr: typeof en = {
  back: "Vers Ascension",
  version: (day) => `Version du ${day}`,
  loading: "Un instant …",

  askTitle: "Il y a du nouveau",
  askText: ["Nos ", " et nos règles de ", " ont changé, ou tu as retiré ton accord. Tout ce qui est ici reste à toi : à voir, à emporter et à supprimer ; pour envoyer, accepte ce qu’elles disent maintenant."],
  terms: "conditions d’utilisation",
  privacy: "vie privée",
  agree: "J’accepte",
  later: "Plus tard",
  agreed: "Merci. Tu peux envoyer.",

  waiting: (email) => `Ton parent ou tuteur (${email}) doit accepter par le lien de sa lettre avant que tu puisses envoyer quelque chose.`,
  again: "Renvoyer la lettre",
  sentAgain: "La lettre est en route.",

  guardianTitle: "Un jeune grimpeur vous sollicite",
  guardianText: (name, email) => `${name} (${email}) aimerait utiliser Ascension et est trop jeune pour accepter seul. Un programme trouve le corps du grimpeur dans des clips et montre comment il bouge. Les clips vivent un jour, sauf s’ils sont gardés ; personne d’autre ne les voit, sauf si le grimpeur les partage.`,
  guardianAgreed: (name, email) => `Vous avez accepté que ${name} (${email}) utilise Ascension. Vous pouvez revenir sur cet accord ici à tout moment.`,
  guardianWithdrawn: (name, email) => `Le compte de ${name} (${email}) est fermé et sera effacé, parce que vous avez retiré votre accord ou n’avez pas répondu. D’ici là, vous pouvez encore accepter.`,
  guardianRead: ["Lire les ", " et les règles de ", "."],
  guardianAgree: "Je suis le parent ou tuteur, et j’accepte",
  guardianWithdraw: "Retirer mon accord",
  withdrawTitle: "Retirer l’accord ?",
  withdrawText: "Le compte est fermé tout de suite, puis effacé avec tout ce qu’il contient.",
  keep: "Ne rien changer",

  leaving: "Partir",
  title: "Tes données",
  archives: "Tout emporter",
  archivesText: "Un fichier ZIP avec tes clips, résultats, corrections, comparaisons, commentaires et tout ce qui est gardé de ton compte. Il est préparé en arrière-plan et reste une semaine.",
  noArchives: "Aucune archive n’est gardée. Demandes-en une ci-dessous ; une lettre ou cette page dit quand la télécharger.",
  askArchive: "Préparer une archive",
  archiveOf: (when) => `Demandée ${when}`,
  making: (percent) => `En préparation : ${percent} %`,
  ready: (size, day) => `${size}, jusqu’au ${day}`,
  failed: "Elle n’a pas pu être préparée. Réessaie.",
  fetch: "Télécharger",
  fetchNamed: (when) => `Télécharger l’archive demandée ${when}`,
  stop: "Arrêter",
  remove: "Retirer",
  removeTitle: "Retirer cette archive ?",
  removeText: "Tes données restent où elles sont. Une autre archive peut être préparée, quelques-unes par jour.",
  consents: (day) => `Tu as accepté les conditions et les règles de vie privée le ${day}.`,
  noConsent: "Tu n’as pas accepté ce qui est en vigueur : rien ne peut être envoyé.",
  withdraw: "Retirer l’accord",
  withdrawMine: "Plus rien ne pourra être envoyé avant que tu acceptes de nouveau. Ce qui est ici reste jusqu’à ce que tu le supprimes.",
  withdrawn: "Ton accord est retiré.",
};
