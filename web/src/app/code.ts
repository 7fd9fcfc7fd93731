import { createStore, type Store } from "../lib/store.ts";

/** Code that is fetched when it is first needed. */
export interface Code<T> {
  /** null until it is here. */
  module: Store<T | null>;
  /** True where it did not come; `load` tries again. */
  isMissing: Store<boolean>;
  load: () => void;
}

export function codeOf<T>(fetch: () => Promise<T>): Code<T> {
  const module = createStore<T | null>(null);
  const isMissing = createStore(false);
  let isUnderWay = false;
  const load = () => {
    if (isUnderWay || module.get() !== null) return;
    isUnderWay = true;
    isMissing.set(false);
    fetch()
      .then((found) => module.set(found))
      .catch(() => {
        isMissing.set(true);
      })
      .finally(() => {
        isUnderWay = false;
      });
  };
  return { module, isMissing, load };
}
