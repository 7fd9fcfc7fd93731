import "./progress.css";

import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { answer, api, type Progress } from "../../lib/api.ts";
import { asRequestError } from "../../lib/errors.ts";
import { persist } from "../../lib/persist.ts";
import { Axes } from "./axes.tsx";
import { Routes } from "./routes.tsx";
import { words } from "./words.ts";

/** How a climber changes: axes over time, numbers route by route. */
export function ProgressView() {
  const { loading, emptyTitle, empty, toClimbs, climbs } = words();
  const { progress, trouble } = useProgress();
  if (progress === null) return trouble === null ? <p aria-busy="true">{loading}</p> : <Notice kind="error">{trouble}</Notice>;
  if (progress.climbs === 0) {
    return (
      <section class="progress-empty" data-testid="progress-empty">
        <h2>{emptyTitle}</h2>
        <p>{empty}</p>
        <Link href="/" class="button">
          {toClimbs}
        </Link>
      </section>
    );
  }
  return (
    <div class="progress-page" data-testid="progress-page">
      <p class="facts-note">{climbs(progress.climbs)}</p>
      <Axes progress={progress} />
      <Routes routes={progress.routes} />
    </div>
  );
}

function useProgress(): { progress: Progress | null; trouble: string | null } {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    persist({ signal, onTrouble: setTrouble }, () => answer(api.GET("/api/v1/progress", { signal })))
      .then(setProgress)
      .catch((cause: unknown) => {
        if (!signal.aborted) setTrouble(asRequestError(cause).message);
      });
    return () => leaving.abort();
  }, []);
  return { progress, trouble };
}
