import { useState } from "preact/hooks";

import { asRequestError } from "../../lib/errors.ts";

/** One thing at a time that may be refused: whether it is under way, and why it was refused. */
export function useStep() {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const take = async (step: () => Promise<void>) => {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await step();
    } catch (cause) {
      setError(asRequestError(cause).message);
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, error, take: (step: () => Promise<void>) => void take(step) };
}
