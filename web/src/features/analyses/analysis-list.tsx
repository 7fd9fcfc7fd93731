import { useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { asRequestError } from "../../lib/errors.ts";
import { useStore } from "../../lib/use-store.ts";
import { analyses, loadMore } from "./analyses.ts";
import { AnalysisCard } from "./analysis-card.tsx";

/** All climbs, newest first. */
export function AnalysisList() {
  const { items, figures, nextCursor } = useStore(analyses);
  const [error, setError] = useState<string | null>(null);
  const more = () => {
    setError(null);
    loadMore().catch((cause: unknown) => setError(asRequestError(cause).message));
  };
  return (
    <>
      <ul class="climb-list" aria-label="Your climbs" data-testid="climbs">
        {items.map((item) => (
          <AnalysisCard key={item.id} analysis={item} figures={figures[item.id]} />
        ))}
      </ul>
      {error !== null && <Notice kind="error">{error}</Notice>}
      {nextCursor !== null && (
        <button type="button" class="button climb-list-more" onClick={more} data-testid="more">
          Show older climbs
        </button>
      )}
    </>
  );
}
