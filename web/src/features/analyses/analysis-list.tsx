import { useEffect, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { useStep } from "../../lib/use-step.ts";
import { useStore } from "../../lib/use-store.ts";
import { analyses, loadMore } from "./analyses.ts";
import { AnalysisCard } from "./analysis-card.tsx";
import { words } from "./words.ts";

/** All climbs, newest first. */
export function AnalysisList() {
  const { items, figures, nextCursor } = useStore(analyses);
  const { isBusy, error, take } = useStep();
  const list = useRef<HTMLUListElement>(null);
  const [arrived, setArrived] = useState<string | null>(null);
  const more = () => take(async () => setArrived(await loadMore()));
  // go on where the older ones begin: the button has moved below them, or is gone
  useEffect(() => {
    if (arrived !== null) list.current?.querySelector<HTMLElement>(`[data-id="${arrived}"] a`)?.focus({ preventScroll: true });
  }, [arrived]);
  return (
    <>
      <ul ref={list} class="climb-list" aria-label={words().climbs} data-testid="climbs">
        {items.map((item) => (
          <AnalysisCard key={item.id} analysis={item} figures={figures[item.id]} />
        ))}
      </ul>
      {error !== null && <Notice kind="error">{error}</Notice>}
      {nextCursor !== null && (
        <button type="button" class="button climb-list-more" disabled={isBusy} onClick={more} data-testid="more">
          {words().older}
        </button>
      )}
    </>
  );
}
