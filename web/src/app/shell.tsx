import "./shell.css";

import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";

import { LogoMark } from "../components/logo.tsx";
import { AccountMenu } from "../features/accounts/account-menu.tsx";
import { Announcer } from "../features/analyses/announcer.tsx";
import { ConnectionNote } from "../features/analyses/connection-note.tsx";
import type { User } from "../lib/session.ts";

/** What surrounds every page of a logged-in climber. */
export function Shell({ user, children }: { user: User; children: ComponentChildren }) {
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
