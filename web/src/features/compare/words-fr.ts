/** The words of comparisons in French. */

import type { Difference, SideName } from "./comparison.ts";
import type { en } from "./words-en.ts";

const le: Record<SideName, string> = { first: "le premier", second: "le second" };
const Le: Record<SideName, string> = { first: "Le premier", second: "Le second" };
const au: Record<SideName, string> = { first: "au premier", second: "au second" };

export const fr: typeof en = {
  title: "Comparer",
  loopSection: "Boucler",
  sides: { first: "Premier", second: "Second" },
  headline: ({ quicker, isWhole, seconds }) => {
    const what = quicker === "even" ? "Les deux ont mis le même temps" : `${Le[quicker]} a été plus rapide de ${seconds} s`;
    return isWhole ? what : `${what} sur la partie commune`;
  },
  bothTimes: (first, second) => `Premier ${first} s, second ${second} s.`,
  mainOfThat: (seconds, what) => `Dont ${seconds} s pour ${what}.`,
  mainAll: (what) => `Tout vient de là : ${what}.`,
  mainAlone: (seconds, what, who) => `À lui seul, ${what} a coûté ${seconds} s ${au[who]}.`,
  cause: ({ kind, who, before, holds }) => {
    const whose = who === null ? "" : ` (${le[who]})`;
    const causes: Record<Difference["kind"], string> = {
      pause: "l’arrêt",
      other_hold: "le choix d’une autre prise",
      other_limb: "le changement de main ou de pied",
      other_order: "l’ordre des prises",
      extra_move: "un mouvement de plus",
      readjustment: "un ajustement de prise",
      foot_cut: "le moment pieds coupés",
      slip: "le zippage",
      detour: "le détour",
      fall: "le moment de la chute",
    };
    const place = before === null ? (holds[0] === undefined ? whose : ` sur la prise ${holds[0]}`) : ` avant la prise ${before}`;
    return `${causes[kind]}${place}`;
  },
  difference: ({ kind, who, limbs, holds, before }) => {
    const A = who === null ? "Les deux" : Le[who];
    const aux = who === null ? "ont" : "a";
    const by = limbs === "" ? "" : ` (${limbs})`;
    const numbers = holds.join(", ");
    const sentences: Record<Difference["kind"], string> = {
      pause: `${A} ${aux} fait un arrêt`,
      other_hold: holds.length === 2 ? `Le premier a pris la prise ${String(holds[0])}, le second la prise ${String(holds[1])}${by}` : `${A} ${aux} pris la prise ${numbers}, l’autre non${by}`,
      other_limb: `Prise ${numbers} avec une autre main ou un autre pied${by}`,
      other_order: `Prises ${numbers} dans un autre ordre`,
      extra_move: `${A} ${aux} fait un mouvement de plus${by}`,
      readjustment: `${A} ${aux} ajusté${numbers === "" ? "" : ` la prise ${numbers}`}${by}`,
      foot_cut: `${A} ${aux} coupé les pieds${by}`,
      slip: `${A} ${aux} zippé${by}`,
      detour: `${A} ${aux} fait un détour`,
      fall: who === null ? "Les deux ont chuté" : `${A} a chuté`,
    };
    return `${sentences[kind]}${before === null || holds.includes(before) ? "" : ` avant la prise ${before}`}.`;
  },
  costTime: (seconds, who) => `a coûté ${seconds} s ${au[who]}`,
  costNoTime: "n’a pas coûté de temps",
  costUnknown: "coût inconnu",
  costPath: (length, who) => `${length} de chemin en plus pour ${le[who]}`,
  sure: (share) => `sûr à ${share}`,
  jumpTo: (first, second) => `Aller à ${first} dans le premier, à ${second} dans le second.`,
  sureBoth: (share) => `sûr à ${Math.round(100 * share)}\u00a0%`,
  absent: "–",
  differences: "Où ils diffèrent",
  noDifferences: "Mêmes prises, même ordre, aucun arrêt marquant : rien de visible ne les distingue.",
  differencesNote: "Certains de ces coûts tombent aux mêmes moments : ils ne s’additionnent pas.",
  sections: "De prise en prise",
  section: (from, to) =>
    from !== null && from === to ? `Sur la prise ${from}` : `${from === null ? "Départ" : `Prise ${from}`} → ${to === null ? "fin" : `prise ${to}`}`,
  sectionShort: (from, to) =>
    from !== null && from === to ? `Sur prise ${from}` : `${from === null ? "Départ" : `Prise ${from}`} → ${to ?? "fin"}`,
  sectionBar: (name, first, second) => `${name} : premier ${first} s, second ${second} s`,
  sectionNote: "Secondes de chacun. Hachuré : à l’arrêt. Toucher pour y aller.",
  measures: "Mesures de la partie commune",
  measuresCount: (count) => `${count} des deux côtés`,
  measuresNone: "Aucune mesure n’est connue des deux côtés.",
  notCompared: (count) => `${count} non comparables, parce que …`,
  measureHead: { name: "Mesure", difference: "Écart" },
  whyNot: {
    unknown_in_first: "Pas mesuré dans le premier.",
    unknown_in_second: "Pas mesuré dans le second.",
    unknown_in_both: "Mesuré dans aucun des deux.",
    other_unit: "Les deux ont été mesurés dans des unités différentes : indiquez la taille du grimpeur pour les deux.",
  },
  views: { video: "Vidéo", overlaid: "Superposés", wall: "Mur" },
  viewLabel: "Comment les deux sont montrés",
  noOverlay: "Le mur n’a pas pu être suivi dans l’un des clips : impossible de superposer les deux.",
  noWall: "Il n’y a pas d’image du mur pour le premier clip.",
  offWall: "L’un des deux n’a pas de place sur le mur ici",
  holdsLabel: (count) => `${count} prises dans l’ordre ; celles d’un seul essai sont de sa couleur.`,
  position: "Position sur le chemin, pour les deux",
  positionWords: ({ section, first, second, waits }) => `${section}. Premier ${first}, second ${second}${waits === null ? "" : ` ; ${le[waits]} attend`}`,
  waits: "attend",
  drawn: "Ce qui est dessiné",
  how: "Les deux arrivent ensemble à chaque prise : le plus rapide est ralenti ou attend. Personne n’est accéléré.",
  cameraLabel: { first: "La première voie filmée", second: "La seconde voie filmée" },
  fetching: "Chargement du squelette …",
  loading: "Chargement de la comparaison …",
  under_way: "Comparaison en cours",
  under_way_note: "Cela prend quelques secondes. Tu peux quitter cette page ; la comparaison attend ici.",
  remaking: "L’un des deux a été corrigé : ils sont comparés de nouveau.",
  stale: "L’un des deux a été corrigé ou analysé de nouveau depuis. Ce qui est montré ici date d’avant.",
  again: "Comparer de nouveau",
  retry: "Réessayer",
  other: "Choisir un autre clip",
  toClimbs: "Tes ascensions",
  broken: "Cette comparaison ne correspond plus aux clips. Compare-les de nouveau.",
  delete: "Supprimer cette comparaison",
  deleteAsk: "Supprimer cette comparaison ?",
  deleteWhat: "Seule la comparaison est supprimée ; les deux clips restent.",
  deleteDo: "Supprimer",
  deleted: "La comparaison est supprimée",
  back: "Retour au clip",
  clipOf: (name, climber) => `${name} de ${climber}`,
  versus: (first, second) => `${first} et ${second}`,
  sameName: (name, first, second) => `${name} : ${first}, ${second}`,
  sameClip: (name, first, second) => `${name} : essais ${first} et ${second}`,
  choose: {
    title: "Comparer avec …",
    which: "Quel essai de ce clip ?",
    attempt: (number, outcome) => `Essai ${number} : ${outcome}`,
    here: "Ce clip",
    sameRoute: (route) => `Même voie : ${route}`,
    others: "Tes autres clips",
    othersSeen: "Autres clips que tu vois",
    othersNote: "Seuls deux essais de la même voie se comparent : le mur doit être le même.",
    earlier: "Déjà comparés",
    more: "Montrer les plus anciens",
    notReady: "Ce clip doit d’abord être analysé.",
    noAttempt: "Personne ne grimpe dans ce clip : il n’y a rien à comparer.",
    emptySeen: "Tu ne vois pas encore de second clip.",
    emptyTitle: "Il n’y a pas encore de second clip",
    emptySteps: [
      ["Refais la même voie", "et filme-la à peu près du même endroit, avec les mêmes prises à l’image."],
      ["Ajoute le clip", "à tes ascensions et attends qu’il soit prêt."],
      ["Reviens ici :", "prises, arrêts et trajets des deux se lisent côte à côte."],
    ],
    emptyAdd: "Ajouter un clip",
    states: {
      queued: "en attente",
      processing: "en cours",
      completed: "comparés",
      failed: "n’a pas abouti",
      canceled: "annulé",
    },
  },
};
