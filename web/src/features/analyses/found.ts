import { useEffect, useState } from "preact/hooks";

import { answer, api } from "../../lib/api.ts";
import { asRequestError } from "../../lib/errors.ts";
import { createStore } from "../../lib/store.ts";
import { useStore } from "../../lib/use-store.ts";
import { analyses, putAnalyses } from "./analyses.ts";
import { addressOf, askedOf, type Filter } from "./filter.ts";
import { looks } from "./live.ts";
import type { Analysis } from "./state.ts";

const pageSize = 20;
const mostAtOnce = 100;
const calmMs = 600;

/** What a filter found: the rows themselves are with all others, so that events reach them. */
interface Found {
  address: string;
  ids: readonly string[];
  hits: number;
  nextCursor: string | null;
  /** How all rows were when it was asked. */
  seen: string;
}

const found = createStore<Found | null>(null);

export function forgetFound(): void {
  found.set(null);
}

/** What a filter finds, kept current: whatever changes a climb may change whether it fits. null: nothing is looked for. */
export function useFound(filter: Filter | null) {
  const address = filter === null ? null : addressOf(filter);
  const known = useStore(found);
  const { items } = useStore(analyses);
  const now = stateOf(items, useStore(looks));
  const [error, setError] = useState<string | null>(null);
  const isKnown = known !== null && known.address === address;
  const isCurrent = isKnown && known.seen === now;
  useEffect(() => {
    if (filter === null || isCurrent) return undefined;
    const leaving = new AbortController();
    const ask = () => {
      load(filter, leaving.signal)
        .then(() => setError(null))
        .catch((cause: unknown) => {
          if (!leaving.signal.aborted) setError(asRequestError(cause).message);
        });
    };
    const timer = setTimeout(ask, isKnown ? calmMs : 0);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [filter, isKnown, isCurrent, now]);
  const rows = isKnown ? known.ids.flatMap((id) => items.find((item) => item.id === id) ?? []) : null;
  return { rows, hits: isKnown ? known.hits : null, hasMore: isKnown && known.nextCursor !== null, error };
}

function stateOf(items: readonly Analysis[], look: number): string {
  return [look, ...items.map(({ id, state, route, tags }) => [id, state, route, tags].join())].join();
}

function seenNow(): string {
  return stateOf(analyses.get().items, looks.get());
}

/** As many as are shown, anew. */
async function load(filter: Filter, signal: AbortSignal): Promise<void> {
  const address = addressOf(filter);
  const before = found.get();
  const shown = before?.address === address ? before.ids.length : 0;
  const limit = Math.min(mostAtOnce, Math.max(pageSize, shown));
  const page = await answer(api.GET("/api/v1/analyses", { params: { query: { ...askedOf(filter), limit } }, signal }));
  if (signal.aborted) return;
  putAnalyses(page.items);
  const ids = page.items.map(({ id }) => id);
  found.set({ address, ids, hits: page.hits ?? ids.length, nextCursor: page.next_cursor, seen: seenNow() });
}

/** The next older page; the id of its first row, null where there is none. */
export async function loadMoreFound(filter: Filter): Promise<string | null> {
  const before = found.get();
  if (before === null || before.nextCursor === null) return null;
  const query = { ...askedOf(filter), limit: pageSize, cursor: before.nextCursor };
  const page = await answer(api.GET("/api/v1/analyses", { params: { query } }));
  const now = found.get();
  if (now === null || now.nextCursor !== before.nextCursor || now.address !== before.address) return null; // asked anew meanwhile
  putAnalyses(page.items);
  found.set({ ...now, ids: [...now.ids, ...page.items.map(({ id }) => id)], nextCursor: page.next_cursor, seen: seenNow() });
  return page.items[0]?.id ?? null;
}
