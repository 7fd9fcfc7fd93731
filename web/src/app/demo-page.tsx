import "../features/sharing/sharing.css";
import "./climb-page.css";

import { Link } from "wouter-preact";

import { ErrorBoundary } from "../components/error-boundary.tsx";
import { LogoMark } from "../components/logo.tsx";
import { Demo } from "../features/demo/demo.tsx";
import { words } from "../features/demo/words.ts";
import { session } from "../lib/session.ts";
import { useStore } from "../lib/use-store.ts";
import { PageHeading } from "./page-heading.tsx";

/** A finished analysis for whoever has not made one yet. */
export function DemoPage() {
  const isIn = useStore(session).state === "in";
  const { title, intro, about, yours, yoursText, start, climbs } = words();
  return (
    <>
      <header class="guest-header">
        <Link href="/" class="guest-brand">
          <LogoMark /> Ascension
        </Link>
      </header>
      <main class="page climb-page shared-climb demo" data-testid="demo">
        <div class="climb-page-head">
          <div class="climb-page-name">
            <PageHeading title={title} />
            <p>{intro}</p>
          </div>
        </div>
        <ErrorBoundary>
          <Demo />
        </ErrorBoundary>
        <p class="demo-about">{about}</p>
      </main>
      <footer class="guest-footer">
        <p>
          <strong>{yours}</strong>
        </p>
        <p>{yoursText}</p>
        <Link href="/" state={isIn ? null : { wanted: "form" }} class="button button-primary" data-testid="demo-start">
          {isIn ? climbs : start}
        </Link>
      </footer>
    </>
  );
}
