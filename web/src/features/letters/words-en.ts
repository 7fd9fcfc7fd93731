/** Letters and passwords in English. */
export const en = {
  email: "E-mail",
  password: "Password",
  newPassword: "New password",
  moment: "One moment …",
  toLogIn: "Back to logging in",

  forgotTitle: "Forgot your password?",
  forgotText: "We send you a letter with a link to choose a new one.",
  forgotSend: "Send the letter",

  sentTitle: "Look into your mail",
  sentText: (email: string) => `A letter to ${email} is on its way. Open its link to go on.`,
  sentHelp: "No letter?",
  sentHelpList: ["Give it two minutes, and look into the spam folder.", "Is the address above the right one? If not, begin again.", "A letter goes only where it makes sense: to reset a password, with the address of the account."],
  sentAgain: "Send it again",
  sentAgainDone: "Asked for. If nothing comes within some minutes, it is the address.",

  verifyTitle: "Confirm your e-mail",
  verifyText: "Type the password that you chose. Then your account is there.",
  verifyDone: "Confirm and log in",

  resetTitle: "Choose a new password",
  resetText: "Every device that is logged in now will be logged out.",
  resetSave: "Save the password",
  resetDone: "Your new password holds. Log in with it.",

  linkLost: "This link is not whole. Open it from the letter once more.",
  linkOld: "Ask for a new letter",
};
