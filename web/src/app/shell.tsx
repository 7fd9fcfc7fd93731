import "./shell.css";

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { Announcer } from "../components/announcer.tsx";
import { LogoMark } from "../components/logo.tsx";
import { AccountMenu } from "../features/accounts/account-menu.tsx";
import { ConnectionNote } from "../features/analyses/connection-note.tsx";
import { SpokenAnalyses } from "../features/analyses/spoken.tsx";
import { words } from "../features/analyses/words.ts";
import { UpdateNote } from "../features/device/update-note.tsx";
import { SpokenUploads } from "../features/uploads/spoken.tsx";
import { focusHeadingOnceThere } from "../lib/focus.ts";
import type { User } from "../lib/session.ts";

/** What surrounds every page of a logged-in climber. `entered`: by the form, not by loading the page. */
export function Shell({ user, entered, children }: { user: User; entered: boolean; children: ComponentChildren }) {
  usePageSteps(entered);

  return (
    <>
      <header class="shell-header">
        <Link href="/" class="shell-brand" aria-label={`Ascension, ${words().climbs}`}>
          <LogoMark />
          <span>Ascension</span>
        </Link>
        <Sections />
        <ConnectionNote />
        <AccountMenu user={user} />
      </header>
      <UpdateNote />
      <Announcer />
      <SpokenUploads />
      <SpokenAnalyses />
      {children}
    </>
  );
}

const sections = ["/", "/progress", "/routes"] as const;

/** The pages that one comes back to. On a phone they stand there only: elsewhere the room is the page's. */
function Sections() {
  const [path] = useLocation();
  const { title, names } = words().sections;
  return (
    <nav class="shell-sections" aria-label={title}>
      {sections.map((section) => (
        <Link key={section} href={section} aria-current={path === section ? "page" : undefined}>
          {names[section]}
        </Link>
      ))}
    </nav>
  );
}

/** What a browser does by itself when it loads another page: focus at its head, scrolled up, or back where one was. */
function usePageSteps(entered: boolean): void {
  const [path] = useLocation();
  const shown = useRef(entered ? null : path);
  const isReturn = useRef(false);
  useEffect(() => {
    const note = () => {
      isReturn.current = true;
    };
    window.addEventListener("popstate", note);
    return () => window.removeEventListener("popstate", note);
  }, []);
  useEffect(() => {
    if (shown.current === path) return undefined;
    shown.current = path;
    if (!isReturn.current) window.scrollTo(0, 0);
    isReturn.current = false;
    return focusHeadingOnceThere({ preventScroll: true });
  }, [path]);
}
