import "./shell.css";

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";

import { LogoMark } from "../components/logo.tsx";
import { AccountMenu } from "../features/accounts/account-menu.tsx";
import { Announcer } from "../features/analyses/announcer.tsx";
import { ConnectionNote } from "../features/analyses/connection-note.tsx";
import type { User } from "../lib/session.ts";

/** What surrounds every page of a logged-in climber. */
export function Shell({ user, children }: { user: User; children: ComponentChildren }) {
  const [path] = useLocation();
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    // what a browser does by itself when it loads another page
    window.scrollTo(0, 0);
    document.querySelector("main")?.focus();
  }, [path]);

  return (
    <>
      <header class="shell-header">
        <Link href="/" class="shell-brand" aria-label="Ascension, your climbs">
          <LogoMark />
          <span>Ascension</span>
        </Link>
        <ConnectionNote />
        <AccountMenu user={user} />
      </header>
      <Announcer />
      {children}
    </>
  );
}
