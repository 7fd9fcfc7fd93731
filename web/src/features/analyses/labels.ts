import { useEffect } from "preact/hooks";

import { answer, api } from "../../lib/api.ts";
import { createStore } from "../../lib/store.ts";
import { useStore } from "../../lib/use-store.ts";
import { analyses } from "./analyses.ts";

interface Labels {
  tags: readonly string[];
  routes: readonly string[];
}

const none: Labels = { tags: [], routes: [] };
const labels = createStore<Labels>(none);

export function forgetLabels(): void {
  labels.set(none);
}

/** The climber's own tags and names of routes, asked for anew when a climb that is known here gets another one. */
export function useLabels(): Labels {
  const { items } = useStore(analyses);
  const borne = items.map(({ tags, route }) => [route, tags].join()).join();
  useEffect(() => {
    const leaving = new AbortController();
    answer(api.GET("/api/v1/labels", { signal: leaving.signal }))
      .then((found) => labels.set(found))
      .catch(() => undefined); // without suggestions everything works
    return () => leaving.abort();
  }, [borne]);
  return useStore(labels);
}
