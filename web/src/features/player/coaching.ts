import { useEffect, useState } from "preact/hooks";

import { asRequestError } from "../../lib/errors.ts";
import { language } from "../../lib/language.ts";
import { persist } from "../../lib/persist.ts";
import type { Loaded } from "./load.ts";
import type { Result } from "./result.ts";
import { useSource, type Coaching } from "./source.ts";

export type AttemptRead = Coaching["attempts"][number];
export type Finding = AttemptRead["advice"]["top"][number];

const attempts = 4;

/** Asked for anew with every result; `again` after a failure. */
export function useCoaching(analysisId: string, result: Result): { coaching: Loaded<Coaching>; again: () => void } {
  const [coaching, setCoaching] = useState<Loaded<Coaching>>({ state: "loading", trouble: null });
  const [round, setRound] = useState(0);
  const source = useSource();
  useEffect(() => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const onTrouble = (trouble: string | null) => setCoaching((shown) => (shown.state === "ready" ? shown : { state: "loading", trouble }));
    persist({ signal, onTrouble, attempts }, () => source.coaching(analysisId, language.get(), signal))
      .then((value) => setCoaching({ state: "ready", value }))
      .catch((cause: unknown) => {
        if (!signal.aborted) setCoaching({ state: "failed", reason: asRequestError(cause).message });
      });
    return () => stopping.abort();
  }, [source, analysisId, result, round]);
  const again = () => {
    setCoaching({ state: "loading", trouble: null });
    setRound((previous) => previous + 1);
  };
  return { coaching, again };
}
