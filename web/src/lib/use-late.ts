import { useEffect, useState } from "preact/hooks";

export interface Late<T> {
  /** null until it is here. */
  value: T | null;
  /** It did not come: the connection is gone, or the page is older than the server. */
  isMissing: boolean;
  again: () => void;
}

/** Something that is fetched the first time that it is wanted, so that nobody else waits for it. */
export function useLate<T extends object>(load: () => Promise<T>, isWanted: boolean): Late<T> {
  const [value, setValue] = useState<T | null>(null);
  const [isMissing, setMissing] = useState(false);
  const isAsked = isWanted && value === null && !isMissing;
  useEffect(() => {
    if (!isAsked) return undefined;
    let isHere = true;
    load()
      .then((found) => isHere && setValue(found))
      .catch(() => isHere && setMissing(true));
    return () => {
      isHere = false;
    };
  }, [load, isAsked]);
  return { value, isMissing, again: () => setMissing(false) };
}
