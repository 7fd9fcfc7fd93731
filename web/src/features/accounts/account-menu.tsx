import "./account-menu.css";

import { useEffect, useRef, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import type { User } from "../../lib/session.ts";
import { tierWords } from "../../lib/terms.ts";
import { reloadUser, resetDay } from "../../lib/user.ts";
import { LanguageChoice } from "./language-choice.tsx";
import { ReadingChoice } from "./reading-choice.tsx";
import { logOut } from "./requests.ts";
import { words } from "./words.ts";

/** Who is logged in, what is left of the month, the way out. */
export function AccountMenu({ user }: { user: User }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [isOpen, setOpen] = useState(false);

  useEffect(() => {
    const close = (event: Event) => {
      const isEscape = event instanceof KeyboardEvent && event.key === "Escape";
      const isOutside = event.type === "pointerdown" && !menu.current?.contains(event.target as Node);
      if (menu.current?.open === true && (isEscape || isOutside)) menu.current.open = false;
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close);
    };
  }, []);

  const shut = () => {
    if (menu.current !== null) menu.current.open = false;
  };
  const onToggle = () => {
    const isOpenNow = menu.current?.open === true;
    setOpen(isOpenNow);
    if (isOpenNow) void reloadUser().catch(() => undefined); // the last known numbers stay
  };

  return (
    <details class="account-menu" ref={menu} onToggle={onToggle}>
      <summary data-testid="account-menu">
        <span aria-hidden="true">{user.display_name.slice(0, 1).toUpperCase()}</span>
        <span class="visually-hidden">{words().account(user.display_name)}</span>
      </summary>
      {isOpen && <Panel user={user} onGo={shut} />}
    </details>
  );
}

/** Drawn when it is opened: every page of the app has this menu, and few looks at a page open it. */
function Panel({ user, onGo }: { user: User; onGo: () => void }) {
  const [error, setError] = useState<string | null>(null);
  const { quota } = user;
  const { used, plan, logOut: logOutWord } = words();
  const leave = () => void logOut().catch((cause: unknown) => setError(asRequestError(cause).message));
  return (
    <div class="account-menu-panel">
      <p class="account-menu-name">{user.display_name}</p>
      <p class="account-menu-soft">{user.email}</p>
      <p>
        {used(quota.used, quota.limit)}
        <span class="account-menu-plan account-menu-soft">{plan(tierWords(user.tier), resetDay(user))}</span>
      </p>
      <PageLinks user={user} onGo={onGo} />
      <LanguageChoice />
      <ReadingChoice />
      {error !== null && <Notice kind="error">{error}</Notice>}
      <button type="button" class="button" onClick={leave} data-testid="log-out">
        {logOutWord}
      </button>
    </div>
  );
}

function PageLinks({ user, onGo }: { user: User; onGo: () => void }) {
  const { pages, climbs, progress, routes, climbers, you, security, introduction, operations } = words();
  return (
    <nav class="account-menu-links" aria-label={pages}>
      <Link href="/" class="button button-quiet" onClick={onGo}>
        {climbs}
      </Link>
      <Link href="/progress" class="button button-quiet" onClick={onGo} data-testid="to-progress">
        {progress}
      </Link>
      <Link href="/routes" class="button button-quiet" onClick={onGo}>
        {routes}
      </Link>
      <Link href="/climbers" class="button button-quiet" onClick={onGo} data-testid="to-climbers">
        {climbers}
      </Link>
      <Link href="/you" class="button button-quiet" onClick={onGo} data-testid="to-climber">
        {you}
      </Link>
      <Link href="/account" class="button button-quiet" onClick={onGo} data-testid="to-account">
        {security}
      </Link>
      <Link href="/welcome" class="button button-quiet" onClick={onGo} data-testid="to-introduction">
        {introduction}
      </Link>
      {user.role === "admin" && (
        <Link href="/operator" class="button button-quiet" onClick={onGo} data-testid="to-operator">
          {operations}
        </Link>
      )}
    </nav>
  );
}
