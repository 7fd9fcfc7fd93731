import "./privacy.css";

import { useEffect, useState } from "preact/hooks";

import { LogoMark } from "../../components/logo.tsx";
import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { formatDay } from "../../lib/format.ts";
import { loadText, type Text } from "./requests.ts";
import { words } from "./words.ts";

/** The terms of use or the privacy notice, for everybody. */
export function DocumentPage({ document: which }: { document: Text["document"] }) {
  const [text, setText] = useState<Text | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const { back, version, loading } = words();
  useEffect(() => {
    const leaving = new AbortController();
    loadText(which, leaving.signal)
      .then((found) => setText(found ?? null))
      .catch((cause: unknown) => {
        if (!leaving.signal.aborted) setTrouble(asRequestError(cause).message);
      });
    return () => leaving.abort();
  }, [which]);
  useEffect(() => {
    if (text !== null) document.title = `${text.title} · Ascension`;
  }, [text]);
  return (
    <main class="document" aria-busy={text === null && trouble === null}>
      <a class="document-brand" href="/">
        <LogoMark /> <span class="visually-hidden">{back}</span>
        <span aria-hidden="true">Ascension</span>
      </a>
      {trouble !== null && <Notice kind="error">{trouble}</Notice>}
      {text === null ? (
        trouble === null && <p>{loading}</p>
      ) : (
        <article data-testid="document">
          <h1 tabIndex={-1}>{text.title}</h1>
          <p class="document-soft">{version(formatDay(text.version))}</p>
          <p>{text.intro}</p>
          {text.sections.map((section) => (
            <section key={section.heading}>
              <h2>{section.heading}</h2>
              {section.paragraphs.map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
            </section>
          ))}
        </article>
      )}
    </main>
  );
}
