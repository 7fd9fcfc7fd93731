import "../../components/empty.css";
import "./progress.css";

import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";

import { Notice } from "../../components/notice.tsx";
import { answer, api } from "../../lib/api.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { Axes } from "./axes.tsx";
import { Routes } from "./routes.tsx";
import { words } from "./words.ts";

const loadProgress = (signal: AbortSignal) => answer(api.GET("/api/v1/progress", { signal }));

/** How a climber changes: axes over time, what was climbed when, numbers route by route. */
export function ProgressView({ calendar }: { calendar: ComponentChildren }) {
  const { loading, emptyTitle, empty, toClimbs, climbs } = words();
  const { value: progress, reason } = useLoaded(loadProgress);
  if (progress === null) return reason === null ? <p aria-busy="true">{loading}</p> : <Notice kind="error">{reason}</Notice>;
  if (progress.climbs === 0) {
    return (
      <section class="empty" data-testid="progress-empty">
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
      {calendar}
      <Routes routes={progress.routes} />
    </div>
  );
}
