import { useEffect, useState } from "preact/hooks";

import { wait } from "../../lib/backoff.ts";
import { asRequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { showToast } from "../../lib/toast.ts";
import { reloadUser } from "../../lib/user.ts";
import { loadPlan, type Plan } from "./requests.ts";
import { words } from "./words.ts";

const looks = 20;
const pauseS = 3;

/** The plan, looked at again for a minute after somebody came back from paying. */
export function usePlan() {
  const [plan, setPlan] = useState<Plan | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [back, setBack] = useState<"no" | "waiting" | "not yet">(cameBack() ? "waiting" : "no");
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const look = () => persist({ signal, onTrouble: setTrouble }, () => loadPlan(signal));
    const follow = async () => {
      let found = await look();
      setPlan(found);
      if (!cameBack()) return;
      for (let left = looks; left > 0 && found.paid === null; left -= 1) {
        await wait(pauseS, signal);
        found = await look();
        setPlan(found);
      }
      history.replaceState(history.state, "", location.pathname);
      setBack(found.paid === null ? "not yet" : "no");
      if (found.paid === null) return;
      showToast(words().bought(words().plan[found.paid.tier]));
      void reloadUser().catch(() => undefined); // the last known numbers stay
    };
    follow().catch((cause: unknown) => {
      if (!signal.aborted) setTrouble(asRequestError(cause).message);
    });
    return () => leaving.abort();
  }, []);
  return { plan, setPlan, trouble, back };
}

function cameBack(): boolean {
  return new URLSearchParams(location.search).has("bought");
}
