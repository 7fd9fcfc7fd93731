import { answer, api } from "./api.ts";
import { language } from "./language.ts";
import { recall, remember } from "./memory.ts";
import { session } from "./session.ts";

const key = "ascension.told-language";

/** Letters are written in the language of the pages: the API is told once, and again when it is another one. */
export function keepLanguageTold(): void {
  const tell = () => void tellOnce();
  session.subscribe(tell);
  language.subscribe(tell);
  tell();
}

async function tellOnce(): Promise<void> {
  const now = session.get();
  if (now.state !== "in") return;
  const wanted = language.get();
  const told = `${now.user.id} ${wanted}`;
  if (recall(key) === told) return;
  remember(key, told);
  try {
    await answer(api.PUT("/api/v1/users/me/language", { body: { language: wanted } }));
  } catch {
    remember(key, null); // told with the next page
  }
}
