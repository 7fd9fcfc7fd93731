import "./start-page.css";

import { useEffect } from "preact/hooks";

import { LogoMark } from "../../components/logo.tsx";
import { AccountForm } from "./account-form.tsx";
import { WallArt } from "./wall-art.tsx";

/** What a visitor sees: one sentence, one picture, one form. */
export function StartPage({ reason }: { reason: string | null }) {
  useEffect(() => {
    document.title = "Ascension";
  }, []);
  return (
    <div class="start">
      <header class="start-wall">
        <WallArt />
        <div class="start-words">
          <p class="start-brand">
            <LogoMark /> Ascension
          </p>
          <h1>
            Film your climb.
            <br />
            See how you move.
          </h1>
          <p>One phone, one clip: your skeleton, balance and joint angles, drawn on every frame.</p>
        </div>
      </header>
      <main class="start-form">
        <AccountForm reason={reason} />
      </main>
    </div>
  );
}
