/** Privacy in English. */
export const en = {
  back: "To Ascension",
  version: (day: string) => `Version of ${day}`,
  loading: "One moment …",

  askTitle: "Something is new",
  askText: ["Our ", " and ", " have changed, or you took your agreement back. Everything that is here stays yours to see, take along and delete; to upload, agree to what they say now."],
  terms: "terms of use",
  privacy: "privacy notice",
  agree: "I agree",
  later: "Later",
  agreed: "Thank you. You can upload.",

  waiting: (email: string) => `Your parent or guardian (${email}) has to agree by the link in their letter before you can upload.`,
  again: "Send the letter again",
  sentAgain: "The letter is on its way.",

  guardianTitle: "A young climber asks you",
  guardianText: (name: string, email: string) => `${name} (${email}) would like to use Ascension and is too young to agree alone. A program finds the climber's body in clips and shows how it moves. Clips live for a day unless they are saved; nobody else sees them unless the climber shares them.`,
  guardianAgreed: (name: string, email: string) => `You agreed that ${name} (${email}) uses Ascension. You can take that back here at any time.`,
  guardianWithdrawn: (name: string, email: string) => `You took your agreement back: the account of ${name} (${email}) is closed and will be erased. Until then you can still change your mind.`,
  guardianRead: ["Read the ", " and the ", "."],
  guardianAgree: "I am the parent or guardian, and I agree",
  guardianWithdraw: "Take my agreement back",
  withdrawTitle: "Take your agreement back?",
  withdrawText: "The account is closed at once and then erased with everything in it.",
  keep: "Keep it",

  title: "Your data",
  consents: (day: string) => `You agreed to the terms and the privacy notice on ${day}.`,
  noConsent: "You have not agreed to what is in force, so nothing can be uploaded.",
  withdraw: "Take it back",
  withdrawMine: "Nothing new can be uploaded then, until you agree again. What is here stays until you delete it.",
  withdrawn: "Your agreement is taken back.",
};
