import { language } from "../../lib/language.ts";
import { logWords } from "./log-words.ts";
import type { Entry } from "./requests.ts";
import { nameOf } from "./words.ts";

interface Props {
  entry: Entry;
  /** Show only what this one did, or what was done to it. */
  onParty: (as: "by" | "about", name: string) => void;
}

/** One act in a sentence, with who and what by the names that the log has for them. */
export function LogEntry({ entry: { position, at, action, actor, subject, details }, onParty }: Props) {
  const { actions, by, about, bySame } = logWords();
  const known: Readonly<Record<string, string>> = actions;
  const told = Object.entries(details).map(([name, value]) => `${name.replaceAll("_", " ")}: ${String(value)}`);
  return (
    <li class="operator-entry" data-testid="entry">
      <p class="operator-job-head">
        <strong>{nameOf(known, action)}</strong>
        <span class="operator-soft">
          {position} · <time dateTime={at}>{new Date(at).toLocaleString(language.get())}</time>
        </span>
      </p>
      <p class="operator-parties">
        <Party name={actor} word={by} onShow={() => onParty("by", actor)} />
        {subject === actor ? <span class="operator-soft">{bySame}</span> : <Party name={subject} word={about} onShow={() => onParty("about", subject)} />}
      </p>
      {told.length > 0 && <p class="operator-soft">{told.join(" · ")}</p>}
    </li>
  );
}

const shownDigits = 8;

/** "account:3f0a…" as "account 3f0a91bc": enough to tell one from another. */
export function shortName(name: string): string {
  const [kind = "", digest] = name.split(":");
  const { kinds } = logWords();
  return digest === undefined ? nameOf(kinds, kind) : `${nameOf(kinds, kind)} ${digest.slice(0, shownDigits)}`;
}

function Party({ name, word, onShow }: { name: string; word: string; onShow: () => void }) {
  const short = shortName(name);
  return (
    <span>
      {word}{" "}
      <button type="button" class="operator-party" onClick={onShow} title={name} aria-label={logWords().only(`${word} ${short}`)} data-testid="entry-party">
        {short}
      </button>
    </span>
  );
}
