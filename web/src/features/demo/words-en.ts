/** The finished example in English. */
export const en = {
  title: "A finished analysis",
  intro: "A rendered climber, a real analysis. Choose “Wall”, or tap a moment in the advice.",
  about: "The climber is a rendered figure, 1.73 m tall. All else is what the program found in the clip by itself: nothing was touched up. You have the like of it a few minutes after filming.",
  loading: "Getting the example …",
  missing: "The example is not on this server.",
  yours: "Now a climb of yours",
  yoursText: "One phone, one clip. The first analyses of each month are free.",
  start: "Create an account",
  climbs: "To your climbs",
};
