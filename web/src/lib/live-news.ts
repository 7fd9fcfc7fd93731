import { createStore } from "./store.ts";

/** A live message about something else than an analysis: "derivation.completed" with `derivation_id`, ... */
export interface News {
  type: string;
  [id: `${string}_id`]: unknown;
}

/** The last one that the socket brought. Best effort: who waits for something also asks now and then. */
export const news = createStore<News | null>(null);
