import { useLayoutEffect, useState } from "preact/hooks";

import type { Store } from "./store.ts";

/** The store's value, drawn again whenever it is replaced. */
export function useStore<T>(store: Store<T>): T {
  const [, setDrawn] = useState(() => store.get());
  useLayoutEffect(() => {
    const update = () => setDrawn(() => store.get());
    update(); // it may have changed between the first drawing and now
    return store.subscribe(update);
  }, [store]);
  return store.get(); // what was drawn may be of another store
}
