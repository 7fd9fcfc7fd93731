import { useCallback, useEffect, useState } from "preact/hooks";

import { answer, api } from "../../lib/api.ts";
import { wait } from "../../lib/backoff.ts";
import { asRequestError } from "../../lib/errors.ts";
import { news } from "../../lib/live-news.ts";
import { persist } from "../../lib/persist.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Loaded } from "../player/load.ts";
import { isUnderWay, type Comparison, type ComparisonBrief } from "./comparison.ts";

/** One attempt of one climb; attempts count from 1. */
export interface AttemptChoice {
  analysis_id: string;
  attempt: number;
}

const pollS = 2;

/** The comparison of two attempts: the one that is there, or a new one; a stale or failed one is made anew. */
export async function compare(first: AttemptChoice, second: AttemptChoice): Promise<Comparison> {
  return answer(api.POST("/api/v1/comparisons", { body: { first, second } }));
}

export async function deleteComparison(id: string): Promise<void> {
  await answer(api.DELETE("/api/v1/comparisons/{comparison_id}", { params: { path: { comparison_id: id } } }));
}

/** A comparison, asked for again while it is being made; `put` after a change that this page made. */
export function useComparison(id: string): { comparison: Loaded<Comparison>; put: (next: Comparison) => void } {
  const [comparison, setComparison] = useState<Loaded<Comparison>>({ state: "loading", trouble: null });
  const [round, setRound] = useState(0);
  const told = useStore(news);
  const isWaiting = comparison.state === "ready" && isUnderWay(comparison.value);
  const change = isWaiting && told?.["comparison_id"] === id ? told : null;

  useEffect(() => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const onTrouble = (trouble: string | null) => setComparison((shown) => (shown.state === "ready" ? shown : { state: "loading", trouble }));
    const params = { path: { comparison_id: id } };
    persist({ signal, onTrouble }, () => answer(api.GET("/api/v1/comparisons/{comparison_id}", { params, signal })))
      .then((value) => setComparison({ state: "ready", value }))
      .catch((cause: unknown) => {
        if (!signal.aborted) setComparison({ state: "failed", reason: asRequestError(cause).message });
      });
    return () => stopping.abort();
  }, [id, round, change]);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const leaving = new AbortController();
    wait(pollS, leaving.signal)
      .then(() => setRound((previous) => previous + 1))
      .catch(() => undefined); // left, or told before
    return () => leaving.abort();
  }, [isWaiting, comparison]);
  const put = useCallback((value: Comparison) => setComparison({ state: "ready", value }), []);
  return { comparison, put };
}

/** Comparisons with this climb that were made before, newest first; none while they are not known. */
export function useEarlier(analysisId: string): readonly ComparisonBrief[] {
  const [earlier, setEarlier] = useState<readonly ComparisonBrief[]>([]);
  useEffect(() => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const params = { query: { analysis_id: analysisId } };
    persist({ signal, onTrouble: () => undefined, attempts: 3 }, () => answer(api.GET("/api/v1/comparisons", { params, signal })))
      .then(({ items }) => setEarlier(items))
      .catch(() => undefined); // the choice works without them
    return () => stopping.abort();
  }, [analysisId]);
  return earlier;
}
