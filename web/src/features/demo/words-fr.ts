import type { en } from "./words-en.ts";

/** The finished example in French. */
export const fr: typeof en = {
  title: "Une analyse terminée",
  intro: "Un grimpeur de synthèse, une vraie analyse. Choisis « Mur », ou touche un moment dans les conseils.",
  about: "Le grimpeur est une figure de synthèse de 1,73 m. Tout le reste, c’est ce que le programme a trouvé seul dans la vidéo : rien n’a été retouché. Tu as la même chose quelques minutes après avoir filmé.",
  loading: "L’exemple arrive …",
  missing: "L’exemple n’est pas sur ce serveur.",
  yours: "À toi, avec une de tes ascensions",
  yoursText: "Un téléphone, une vidéo. Les premières analyses de chaque mois sont gratuites.",
  start: "Créer un compte",
  climbs: "Vers tes ascensions",
};
