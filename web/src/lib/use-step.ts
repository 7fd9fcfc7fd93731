import { useCallback, useRef, useState } from "preact/hooks";

import { asRequestError, type RequestError } from "./errors.ts";

/** One thing at a time that may be refused: whether it is under way, and why it was refused. */
export function useStep() {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<RequestError | null>(null);
  const isTaken = useRef(false);
  const take = useCallback((step: () => Promise<void>) => {
    if (isTaken.current) return;
    isTaken.current = true;
    setBusy(true);
    setRefusal(null);
    step()
      .catch((cause: unknown) => setRefusal(asRequestError(cause)))
      .finally(() => {
        isTaken.current = false;
        setBusy(false);
      });
  }, []);
  return { isBusy, refusal, error: refusal?.message ?? null, take };
}
