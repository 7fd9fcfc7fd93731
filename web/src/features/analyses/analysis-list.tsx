import { useEffect, useRef, useState } from "preact/hooks";

import { Notice } from "../../components/notice.tsx";
import { useStep } from "../../lib/use-step.ts";
import { useStore } from "../../lib/use-store.ts";
import { analyses, loadMore } from "./analyses.ts";
import { AnalysisCard } from "./analysis-card.tsx";
import type { Filter } from "./filter.ts";
import { loadMoreFound } from "./found.ts";
import type { Analysis } from "./state.ts";
import { words } from "./words.ts";

/** All climbs, newest first. */
export function AnalysisList() {
  const { items, nextCursor } = useStore(analyses);
  return <Rows items={items} hasMore={nextCursor !== null} onMore={loadMore} />;
}

/** Those that a filter finds; null while they are looked for the first time. */
export function FoundList({ filter, rows, hasMore }: { filter: Filter; rows: readonly Analysis[] | null; hasMore: boolean }) {
  const { looking, filter: said } = words();
  if (rows === null) return <p aria-busy="true">{looking}</p>;
  if (rows.length === 0) return <p class="climb-list-nothing">{said.nothing}</p>;
  return <Rows items={rows} hasMore={hasMore} onMore={() => loadMoreFound(filter)} />;
}

interface RowsProps {
  items: readonly Analysis[];
  hasMore: boolean;
  /** The id of the first that came. */
  onMore: () => Promise<string | null>;
}

function Rows({ items, hasMore, onMore }: RowsProps) {
  const { figures } = useStore(analyses);
  const { isBusy, error, take } = useStep();
  const list = useRef<HTMLUListElement>(null);
  const [arrived, setArrived] = useState<string | null>(null);
  const more = () => take(async () => setArrived(await onMore()));
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
      {hasMore && (
        <button type="button" class="button climb-list-more" disabled={isBusy} onClick={more} data-testid="more">
          {words().older}
        </button>
      )}
    </>
  );
}
