import { focusHeading } from "../../lib/focus.ts";
import { language, languages, setLanguage, type Language } from "../../lib/language.ts";
import { useStore } from "../../lib/use-store.ts";
import { words } from "./words.ts";

/** Each language by its own name, so that it is found whatever is shown now. */
const names: Record<Language, string> = { en: "English", fr: "Français" };

function choose(next: Language): void {
  setLanguage(next);
  requestAnimationFrame(() => focusHeading()); // the page is drawn anew
}

export function LanguageChoice() {
  const now = useStore(language);
  return (
    <label class="account-menu-language">
      <span>{words().language}</span>
      <select value={now} onChange={(event) => choose(event.currentTarget.value as Language)} data-testid="language">
        {languages.map((one) => (
          <option key={one} value={one} lang={one}>
            {names[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
