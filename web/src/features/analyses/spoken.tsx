import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "wouter-preact";

import { announce } from "../../lib/announcement.ts";
import { refusalWords } from "../../lib/refusals.ts";
import { showNews } from "../../lib/toast.ts";
import { useStore } from "../../lib/use-store.ts";
import { analyses } from "./analyses.ts";
import type { Analysis } from "./state.ts";
import { words } from "./words.ts";

/** Announces every change of state and every quarter of progress; a result is shown as well, on whatever page one is. */
export function SpokenAnalyses() {
  const { items } = useStore(analyses);
  const known = useRef(new Map<string, string>());
  const [path] = useLocation();
  const shownPath = useRef(path);
  shownPath.current = path;

  useEffect(() => {
    for (const item of items) {
      const said = wordsOf(item);
      const before = known.current.get(item.id);
      known.current.set(item.id, said);
      if (before === undefined || before === said) continue;
      const href = `/climbs/${item.id}`;
      announce(said);
      if (item.state === "completed" && !shownPath.current.startsWith(href)) showNews(words().isReady(item.video.file_name), href);
    }
  }, [items]);
  return null;
}

function wordsOf({ video, state, progress_pct, failure }: Analysis): string {
  const { states, percent } = words();
  const said = `${video.file_name}: ${states[state]}`;
  if (state === "processing") return `${said}, ${percent(Math.floor(progress_pct / 25) * 25)}`;
  return failure === null ? said : `${said}. ${refusalWords(failure)}`;
}
