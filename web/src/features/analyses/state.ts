import type { Analysis } from "../../lib/api.ts";

export type { Analysis };

/** One live message of the socket, as the API documents it. */
export interface LiveEvent {
  type: `analysis.${"queued" | "started" | "progress" | "completed" | "failed" | "canceled"}`;
  analysis_id: string;
  at: string;
  stage: string | null;
  progress_pct: number;
  attempt: number;
  figures: Record<string, number>;
  failure: { error: string; detail: string } | null;
}

export interface Analyses {
  /** Newest first: the ids grow with time. */
  items: readonly Analysis[];
  /** Live figures of running analyses, by id; they are not kept on the server. */
  figures: Readonly<Record<string, Record<string, number>>>;
  nextCursor: string | null;
  loaded: boolean;
}

export const nothingLoaded: Analyses = { items: [], figures: {}, nextCursor: null, loaded: false };

export function isActive(analysis: Analysis): boolean {
  return analysis.state === "queued" || analysis.state === "processing";
}

/** Nobody was found in the clip: showing who climbs may help. */
export function isUnseen(failure: Analysis["failure"]): boolean {
  return failure?.error === "no_person" || failure?.error.startsWith("nobody_") === true;
}

/** Adds rows or replaces them by id, keeping newest first. */
export function withRows(state: Analyses, rows: readonly Analysis[]): Analyses {
  const byId = new Map(state.items.map((item) => [item.id, item]));
  for (const row of rows) byId.set(row.id, row);
  const items = [...byId.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  return { ...state, items };
}

/** What the API now says of a video, on every analysis of it. */
export function withVideo(state: Analyses, video: Omit<Analysis["video"], "file_name" | "size_bytes">): Analyses {
  const { id, state: videoState, expires_at, saved_at, archive, cleaning } = video;
  const change = { state: videoState, expires_at, saved_at, archive, cleaning };
  return { ...state, items: state.items.map((item) => (item.video.id === id ? { ...item, video: { ...item.video, ...change } } : item)) };
}

export function withoutRow(state: Analyses, id: string): Analyses {
  return { ...state, items: state.items.filter((item) => item.id !== id) };
}

export function withoutVideo(state: Analyses, videoId: string): Analyses {
  return { ...state, items: state.items.filter((item) => item.video.id !== videoId) };
}

/**
 * The newest page as the server has it now: rows in its range that it does not name are gone.
 * Older rows, loaded by "more" or by an address of their own, stay.
 */
export function withFirstPage(state: Analyses, rows: readonly Analysis[], nextCursor: string | null): Analyses {
  const oldest = rows.at(-1)?.id;
  const older = nextCursor === null || oldest === undefined ? [] : state.items.filter((item) => item.id < oldest);
  return {
    ...withRows({ ...state, items: older }, rows),
    nextCursor: state.loaded && older.length > 0 ? state.nextCursor : nextCursor,
    loaded: true,
  };
}

/** Applies a live event; `null` where only the row itself can tell (unknown id, or it has a result now or still). */
export function withEvent(state: Analyses, event: LiveEvent): Analyses | null {
  const row = state.items.find((item) => item.id === event.analysis_id);
  const isEnd = event.type === "analysis.failed" || event.type === "analysis.canceled";
  if (row === undefined || event.type === "analysis.completed" || (isEnd && row.summary !== null)) return null;
  if (event.type === "analysis.progress" && !isActive(row)) return state; // late: the end is known already
  const next = withRows(state, [{ ...row, ...changeOf(row, event) }]);
  const figures = event.type === "analysis.progress" ? event.figures : {};
  return { ...next, figures: { ...state.figures, [row.id]: figures } };
}

function changeOf(row: Analysis, event: LiveEvent): Partial<Analysis> {
  switch (event.type) {
    case "analysis.failed":
      return { state: "failed", failure: event.failure, finished_at: event.at };
    case "analysis.canceled":
      return { state: "canceled", finished_at: event.at };
    case "analysis.queued":
      return { state: "queued", stage: null, progress_pct: 0, attempt: event.attempt, failure: null, finished_at: null };
    case "analysis.started": {
      const { stage, progress_pct, attempt } = event;
      return { state: "processing", stage, progress_pct, attempt, failure: null, started_at: event.at, finished_at: null };
    }
    default:
      return {
        state: "processing",
        stage: event.stage,
        attempt: event.attempt,
        // events may arrive out of order: only a new attempt walks backwards
        progress_pct: event.attempt === row.attempt ? Math.max(row.progress_pct, event.progress_pct) : event.progress_pct,
      };
  }
}
