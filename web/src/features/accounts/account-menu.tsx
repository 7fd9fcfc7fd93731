import "./account-menu.css";

import { useEffect, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import type { User } from "../../lib/session.ts";
import { reloadUser, resetDay } from "../../lib/user.ts";
import { logOut } from "./requests.ts";

/** Who is logged in, what is left of the month, the way out. */
export function AccountMenu({ user }: { user: User }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [error, setError] = useState<string | null>(null);
  const { quota } = user;

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

  const refresh = () => {
    if (menu.current?.open === true) void reloadUser().catch(() => undefined); // the last known numbers stay
  };
  const leave = () => void logOut().catch((cause: unknown) => setError(asRequestError(cause).message));

  return (
    <details class="account-menu" ref={menu} onToggle={refresh}>
      <summary data-testid="account-menu">
        <span aria-hidden="true">{user.display_name.slice(0, 1).toUpperCase()}</span>
        <span class="visually-hidden">Account of {user.display_name}</span>
      </summary>
      <div class="account-menu-panel">
        <p class="account-menu-name">{user.display_name}</p>
        <p class="account-menu-soft">{user.email}</p>
        <p>
          <strong>{quota.used}</strong> of {quota.limit} analyses used this month
          <span class="account-menu-soft">
            {" "}
            · {user.tier} plan, starts over on {resetDay(user)}
          </span>
        </p>
        {error !== null && <Notice kind="error">{error}</Notice>}
        <button type="button" class="button" onClick={leave} data-testid="log-out">
          Log out
        </button>
      </div>
    </details>
  );
}
