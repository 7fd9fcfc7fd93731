/** What the app on a device says in English. */
export const en = {
  newVersion: "A new version is ready.",
  useIt: "Use it now",
  later: "Later",
  whileSending: "Your clip is being sent. The new version waits until it has arrived.",
  typedLost: "What you typed here and did not save would be lost.",
  useAnyway: "Use it anyway",
  title: "The app on this device",
  installText: "Put Ascension on your home screen: it opens like any app, with the whole screen, even without a network.",
  install: "Install the app",
  installed: "You are using the installed app.",
  noInstall: "This browser does not offer to install apps. In its menu you may find “Add to home screen”.",
  iosSteps: ["Touch Share in Safari’s bar.", "Choose “Add to Home Screen”."],
  notNow: "Not now",
  kept: "Ascension keeps its own pages on this device, so that it opens without a network. Climbs and results are not among them.",
  notKept: "This browser keeps no pages of Ascension: it needs a network to open.",
};
