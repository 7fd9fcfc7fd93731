import type { en } from "./words-en.ts";

/** The introduction in French. */
export const fr: typeof en = {
  steps: {
    film: { title: "Filme une ascension", text: "Pose le téléphone à 4 à 6 m du mur, debout, là où tout ton corps reste dans l’image de la première à la dernière prise. Plus il y a de lumière, mieux c’est. Personne n’a besoin de le tenir." },
    read: { title: "Lis ce que tu as fait", text: "Quelques minutes plus tard, ton squelette est sur chaque image : quelle prise tient chaque main et chaque pied, chaque mouvement, et le chemin de ton centre de gravité. Ce que la vidéo ne montre pas est dit inconnu." },
    improve: { title: "Change une chose", text: "Ce qui aiderait le plus vient d’abord, avec le moment dans la vidéo et un exercice. Donne un nom à la voie, refais-la, et mets les deux essais côte à côte." },
  },
  count: (step, all) => `Étape ${step} sur ${all}`,
  back: "Retour",
  next: "Suivant",
  skip: "Passer",
  done: "Commencer",
};
