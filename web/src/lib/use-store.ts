import { useLayoutEffect, useState } from "preact/hooks";

import type { Store } from "./store.ts";

/** The store's value, drawn again whenever it is replaced. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(() => store.get());
  useLayoutEffect(() => {
    const update = () => setValue(() => store.get());
    update(); // it may have changed between the first drawing and now
    return store.subscribe(update);
  }, [store]);
  return value;
}
