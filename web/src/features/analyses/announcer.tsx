import { useEffect, useRef, useState } from "preact/hooks";

import { useStore } from "../../lib/use-store.ts";
import { analyses } from "./analyses.ts";
import { stateWords } from "./words.ts";

/** Reads state changes and every quarter of progress out to those who listen instead of looking. */
export function Announcer() {
  const { items } = useStore(analyses);
  const known = useRef(new Map<string, string>());
  const [words, setWords] = useState("");

  useEffect(() => {
    for (const item of items) {
      const quarter = item.state === "processing" ? Math.floor(item.progress_pct / 25) * 25 : null;
      const state = `${item.video.file_name}: ${stateWords[item.state]}${quarter === null ? "" : `, ${quarter} percent`}`;
      const before = known.current.get(item.id);
      known.current.set(item.id, state);
      if (before !== undefined && before !== state) setWords(state);
    }
  }, [items]);

  return (
    <p class="visually-hidden" aria-live="polite" data-testid="announcer">
      {words}
    </p>
  );
}
