import { useEffect, useState } from "preact/hooks";

import { platformNow } from "./clock.ts";

/** The platform's time, drawn anew every so often and whenever the page is looked at again. */
export function useNow(everyMs: number): Date {
  const [now, setNow] = useState(platformNow);
  useEffect(() => {
    const tick = () => setNow(platformNow());
    const timer = setInterval(tick, everyMs);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, [everyMs]);
  return now;
}
