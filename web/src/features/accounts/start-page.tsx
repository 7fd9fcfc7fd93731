import "./start-page.css";

import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";

import { LogoMark } from "../../components/logo.tsx";
import { WallArt } from "./wall-art.tsx";
import { words } from "./words.ts";

/** What a visitor sees: one sentence, one picture, one form. */
export function StartPage({ children }: { children: ComponentChildren }) {
  useEffect(() => {
    document.title = "Ascension";
  }, []);
  const { claim, claimText } = words();
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
        </div>
      </header>
      <main class="start-form">
        {children}
      </main>
    </div>
  );
}
