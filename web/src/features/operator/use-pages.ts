import { useCallback, useEffect, useState } from "preact/hooks";

import { useLoaded } from "../../lib/use-loaded.ts";
import { useStep } from "../../lib/use-step.ts";

interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Pages<T, P> {
  /** null until it is here. */
  first: P | null;
  items: T[];
  reason: string | null;
  isBusy: boolean;
  /** null at the end. */
  more: (() => void) | null;
}

/** A list that comes page by page; from its beginning where `load` is another one. */
export function usePages<T, P extends Page<T>>(load: (cursor: string | null, signal: AbortSignal) => Promise<P>): Pages<T, P> {
  const { value: first, reason } = useLoaded(useCallback((signal: AbortSignal) => load(null, signal), [load]));
  const [others, setOthers] = useState<readonly P[]>([]);
  const { isBusy, error, take } = useStep();
  useEffect(() => setOthers([]), [first]);
  const cursor = (others.at(-1) ?? first)?.next_cursor ?? null;
  const more = () =>
    take(async () => {
      const page = await load(cursor, new AbortController().signal);
      setOthers((before) => [...before, page]);
    });
  const items = [first, ...others].flatMap((page) => page?.items ?? []);
  return { first, items, reason: reason ?? error, isBusy, more: cursor === null ? null : more };
}
