/** The introduction in English. */
export const en = {
  steps: {
    film: { title: "Film one climb", text: "Put the phone 4 to 6 m from the wall, upright, where all of you stays in the picture from the first hold to the last. More light is better. Nobody has to hold it." },
    read: { title: "Read what you did", text: "Minutes later your skeleton lies on every frame: which hold each hand and foot is on, every move, and the way of your center of mass. What the clip does not show is said to be unknown." },
    improve: { title: "Change one thing", text: "What would help most comes first, with the moment in the clip and a drill for it. Name the route, climb it again, and lay both attempts side by side." },
  },
  count: (step: number, all: number) => `Step ${step} of ${all}`,
  back: "Back",
  next: "Next",
  skip: "Skip",
  done: "Start",
};
