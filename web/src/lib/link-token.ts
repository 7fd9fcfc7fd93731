import { useLayoutEffect, useState } from "preact/hooks";

/** What follows the hash sign of the link: no server and no log sees it, and it goes from the address at once. */
export function useLinkToken(): string {
  const [token] = useState(() => window.location.hash.slice(1));
  useLayoutEffect(() => {
    if (token !== "") window.history.replaceState(window.history.state, "", window.location.pathname);
  }, [token]);
  return token;
}
