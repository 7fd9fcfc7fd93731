/** Dessiner sur une image, en français. */

import type { en } from "./words-en.ts";

export const fr: typeof en = {
  title: "Dessiner sur cette image",
  close: "Terminé",
  layer: "L’image. Les flèches déplacent une croix, plus loin avec Maj ; Entrée y pose un point.",
  tools: "Dessiner avec",
  toolNames: { pen: "Stylo", line: "Trait", arrow: "Flèche", circle: "Cercle", angle: "Angle", text: "Texte" },
  hints: {
    pen: "Dessine avec un doigt.",
    line: "Glisse d’un bout à l’autre, ou touche les deux bouts.",
    arrow: "Glisse vers ce qu’elle montre, ou touche les deux bouts.",
    circle: "Glisse du centre vers l’extérieur, ou touche les deux endroits.",
    angle: "Touche un bout, puis le sommet, puis l’autre bout.",
    text: "Touche l’endroit où le texte commence.",
  },
  angleNext: ["Touche un bout.", "Touche maintenant le sommet.", "Touche maintenant l’autre bout. L’angle est celui de l’image, pas celui du corps."],
  text: "Texte",
  write: "Écrire",
  colors: "Couleur",
  colorNames: { chalk: "Blanc magnésie", rope: "Orange corde", sky: "Bleu ciel", moss: "Vert mousse" },
  undo: "Annuler",
  redo: "Rétablir",
  clear: "Tout effacer",
  save: "Enregistrer l’image",
  share: "Partager",
  notSaved: "L’image n’a pas pu être faite : ce navigateur ne laisse pas la page lire la vidéo. Recharge la page et réessaie.",
  missing: "Les outils de dessin ne sont pas arrivés. Vérifie la connexion.",
};
