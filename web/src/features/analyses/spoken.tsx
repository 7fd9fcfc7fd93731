import { useEffect, useRef } from "preact/hooks";

import { announce } from "../../lib/announcement.ts";
import { useStore } from "../../lib/use-store.ts";
import { analyses } from "./analyses.ts";
import type { Analysis } from "./state.ts";
import { stateWords } from "./words.ts";

/** Announces every change of state and every quarter of progress. Draws nothing. */
export function SpokenAnalyses() {
  const { items } = useStore(analyses);
  const known = useRef(new Map<string, string>());

  useEffect(() => {
    for (const item of items) {
      const words = wordsOf(item);
      const before = known.current.get(item.id);
      known.current.set(item.id, words);
      if (before !== undefined && before !== words) announce(words);
    }
  }, [items]);
  return null;
}

function wordsOf({ video, state, progress_pct, failure }: Analysis): string {
  const words = `${video.file_name}: ${stateWords[state]}`;
  if (state === "processing") return `${words}, ${Math.floor(progress_pct / 25) * 25} percent`;
  return failure === null ? words : `${words}. ${failure.detail}`;
}
