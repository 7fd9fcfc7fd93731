import "./start-page.css";

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Link } from "wouter-preact";

import { LogoMark } from "../../components/logo.tsx";
import { apiUrl } from "../../lib/endpoint.ts";
import { WallArt } from "./wall-art.tsx";
import { words } from "./words.ts";

/** What a visitor sees: one sentence, one picture, one form. */
export function StartPage({ children }: { children: ComponentChildren }) {
  const form = useRef<HTMLElement>(null);
  useEffect(() => {
    document.title = "Ascension";
    if ((window.history.state as { wanted?: unknown } | null)?.wanted === "form") form.current?.scrollIntoView();
  }, []);
  const { claim, claimText, demo, demoNote } = words();
  return (
    <div class="start">
      <header class="start-wall">
        <WallArt />
        <div class="start-words">
          <p class="start-brand">
            <LogoMark /> Ascension
          </p>
          <h1>
            {claim[0]}
            <br />
            {claim[1]}
          </h1>
          <p>{claimText}</p>
          <Link href="/demo" class="start-demo" data-testid="to-demo">
            <img src={apiUrl("/examples/demo/poster.webp")} width="360" height="640" alt="" />
            <span>
              <strong>{demo}</strong>
              <small>{demoNote}</small>
            </span>
          </Link>
        </div>
      </header>
      <main class="start-form" ref={form}>
        {children}
      </main>
    </div>
  );
}
