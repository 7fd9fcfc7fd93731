/** The corrections of an analysis: asked for, sent, taken back, and how far the work on them is. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { MethodResponse } from "openapi-fetch";

import { answer, api } from "../../lib/api.ts";
import { asRequestError } from "../../lib/errors.ts";
import { newKey } from "../../lib/key.ts";
import { news } from "../../lib/live-news.ts";
import { persist } from "../../lib/persist.ts";
import type { Edits } from "./drafts.ts";

export type Corrections = MethodResponse<typeof api, "get", "/api/v1/analyses/{analysis_id}/corrections">;
export type Correction = Corrections["items"][number];

const pollMs = 2_000;
const attempts = 4;

export interface Desk {
  /** null while they are on their way. */
  corrections: Corrections | null;
  /** Counts the results that corrections brought while this page was open. */
  round: number;
  /** What was read before the corrections is shown, not what became of it. */
  isOriginal: boolean;
  setOriginal: (isOriginal: boolean) => void;
  error: string | null;
  isBusy: boolean;
  /** Throws RequestError. */
  send: (edits: Edits) => Promise<void>;
  takeBack: (id: string | null) => void;
  cancel: () => void;
  retry: () => void;
}

export function isUnderWay(corrections: Corrections | null): boolean {
  return corrections?.state === "queued" || corrections?.state === "processing";
}

/** `onDerived`: another result is there. `revision` changes with every analysis made anew, which ends corrections. */
export function useDesk(analysisId: string, revision: string | null, onDerived: () => void): Desk {
  const [corrections, setCorrections] = useState<Corrections | null>(null);
  const [round, setRound] = useState(0);
  const original = useOriginal(`${revision} ${round}`);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const wasUnderWay = useRef(false);
  const derived = useRef(onDerived);
  useEffect(() => {
    derived.current = onDerived;
  }, [onDerived]);

  const take = useCallback((next: Corrections) => {
    setCorrections(next);
    if (wasUnderWay.current && next.state === "completed") {
      setRound((count) => count + 1);
      derived.current();
    }
    wasUnderWay.current = isUnderWay(next);
  }, []);
  const path = { analysis_id: analysisId };
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    persist({ signal, onTrouble: setError, attempts }, () => answer(api.GET("/api/v1/analyses/{analysis_id}/corrections", { params: { path: { analysis_id: analysisId } }, signal })))
      .then(take)
      .catch((cause: unknown) => {
        if (!signal.aborted) setError(asRequestError(cause).message);
      });
    return () => leaving.abort();
  }, [analysisId, revision, take]);
  useProgress(analysisId, isUnderWay(corrections), take);

  const act = (action: Promise<Corrections>) => {
    setBusy(true);
    setError(null);
    action
      .then(take)
      .catch((cause: unknown) => setError(asRequestError(cause).message))
      .finally(() => setBusy(false));
  };
  return {
    corrections,
    round,
    ...original,
    error,
    isBusy,
    send: async (edits) => {
      const params = { path, header: { "Idempotency-Key": newKey() } };
      take(await answer(api.POST("/api/v1/analyses/{analysis_id}/corrections", { params, body: edits })));
      setError(null);
    },
    takeBack: (id) =>
      act(
        id === null
          ? answer(api.DELETE("/api/v1/analyses/{analysis_id}/corrections", { params: { path } }))
          : answer(api.DELETE("/api/v1/analyses/{analysis_id}/corrections/{correction_id}", { params: { path: { ...path, correction_id: id } } })),
      ),
    cancel: () => act(answer(api.POST("/api/v1/analyses/{analysis_id}/derivation/cancel", { params: { path } }))),
    retry: () => act(answer(api.POST("/api/v1/analyses/{analysis_id}/derivation/retry", { params: { path } }))),
  };
}

/** Another result is shown as it is, whatever was looked at before. */
function useOriginal(shown: string): Pick<Desk, "isOriginal" | "setOriginal"> {
  const [originalOf, setOriginalOf] = useState<string | null>(null);
  return { isOriginal: originalOf === shown, setOriginal: (isOriginal) => setOriginalOf(isOriginal ? shown : null) };
}

/** While the work goes on: asked for when the socket says something of it, and now and then. */
function useProgress(analysisId: string, isOn: boolean, onRead: (corrections: Corrections) => void): void {
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const look = () => {
      const params = { path: { analysis_id: analysisId } };
      answer(api.GET("/api/v1/analyses/{analysis_id}/corrections", { params, signal }))
        .then(onRead)
        .catch(() => undefined); // asked for again soon
    };
    const unsubscribe = news.subscribe(() => {
      const last = news.get();
      if (last?.type.startsWith("derivation.") === true && last.derivation_id === analysisId) look();
    });
    const poll = isOn ? setInterval(look, pollMs) : undefined;
    return () => {
      leaving.abort();
      unsubscribe();
      clearInterval(poll);
    };
  }, [analysisId, isOn, onRead]);
}
