/** The language of the words on screen. Each feature has one file of words per language; a missing word is a type error. */

import { recall, remember } from "./memory.ts";
import { createStore } from "./store.ts";

export const languages = ["en", "fr"] as const;
export type Language = (typeof languages)[number];

const key = "ascension.language";

/** What was chosen on this device, else the browser's, else English. */
export const language = createStore<Language>(chosen(recall(key)) ?? browsers());

export function setLanguage(next: Language): void {
  remember(key, next);
  language.set(next);
}

/** The words of a feature, in the language of the moment: call it where they are shown, the page is drawn anew with another one. */
export function wordsIn<T>(dictionaries: Record<Language, T>): () => T {
  return () => dictionaries[language.get()];
}

function chosen(value: unknown): Language | null {
  return languages.find((known) => known === value) ?? null;
}

function browsers(): Language {
  const wanted = navigator.languages.map((tag) => chosen(tag.slice(0, 2)));
  return wanted.find((known) => known !== null) ?? "en";
}
