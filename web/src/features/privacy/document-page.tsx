import "./privacy.css";

import { useCallback, useEffect } from "preact/hooks";

import { LogoMark } from "../../components/logo.tsx";
import { Notice } from "../../components/notice.tsx";
import { formatDay } from "../../lib/format.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { loadText, type Text } from "./requests.ts";
import { words } from "./words.ts";

/** The terms of use or the privacy notice, for everybody. */
export function DocumentPage({ document: which }: { document: Text["document"] }) {
  const { value: text, reason } = useLoaded(useCallback((signal: AbortSignal) => loadText(which, signal), [which]));
  const { back, version, loading } = words();
  useEffect(() => {
    if (text !== null) document.title = `${text.title} · Ascension`;
  }, [text]);
  return (
    <main class="document" aria-busy={text === null && reason === null}>
      <a class="document-brand" href="/">
        <LogoMark /> <span class="visually-hidden">{back}</span>
        <span aria-hidden="true">Ascension</span>
      </a>
      {reason !== null && <Notice kind="error">{reason}</Notice>}
      {text === null ? (
        reason === null && <p>{loading}</p>
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
