import "./home-page.css";

import { useEffect, useMemo } from "preact/hooks";
import { Link, useSearch } from "wouter-preact";

import { TrashIcon } from "../components/icons.tsx";
import { Notice } from "../components/notice.tsx";
import { analyses } from "../features/analyses/analyses.ts";
import { AnalysisList, FoundList } from "../features/analyses/analysis-list.tsx";
import { addressOf, filterIn, isNarrow, listAddress, type Filter } from "../features/analyses/filter.ts";
import { FilterBar } from "../features/analyses/filter-bar.tsx";
import { useFound } from "../features/analyses/found.ts";
import { useFirstPage } from "../features/analyses/use-analysis.ts";
import { words } from "../features/analyses/words.ts";
import { InstallOffer } from "../features/device/install-offer.tsx";
import { PlansHint } from "../features/plans/plans-hint.tsx";
import { DropZone } from "../features/uploads/drop-zone.tsx";
import { QuotaNote } from "../features/uploads/quota-note.tsx";
import { SourcePicker } from "../features/uploads/source-picker.tsx";
import { UploadList } from "../features/uploads/upload-list.tsx";
import { uploads } from "../features/uploads/uploads.ts";
import { useStore } from "../lib/use-store.ts";
import { reloadUser } from "../lib/user.ts";
import { PageHeading } from "./page-heading.tsx";

export function HomePage() {
  const { items, loaded } = useStore(analyses);
  const filter = useFilter();
  useFirstPage();
  const narrow = isNarrow(filter);
  const isEmpty = useStore(uploads).length === 0 && items.length === 0 && !narrow;
  // failed and canceled analyses are given back
  const counted = items.filter((item) => item.state !== "failed" && item.state !== "canceled").length;
  const { climbs, looking, toTrashPage } = words();
  useEffect(() => {
    if (loaded) void reloadUser().catch(() => undefined); // the last known numbers stay
  }, [counted, loaded]);
  return (
    <main class="page">
      <DropZone />
      <div class="home-head">
        <PageHeading title={climbs} />
        <SourcePicker withExample={isEmpty && loaded} />
        <QuotaNote />
        <PlansHint />
      </div>
      <UploadList />
      {isEmpty && loaded && <EmptyState />}
      {isEmpty && !loaded && <p aria-busy="true">{looking}</p>}
      {(items.length > 0 || narrow) && <History filter={filter} />}
      <Link href="/trash" class="button button-quiet" data-testid="to-trash">
        <TrashIcon /> {toTrashPage}
      </Link>
      {items.some((item) => item.state === "completed") && <InstallOffer />}
    </main>
  );
}

/** The list, or what of it the address asks for. */
function History({ filter }: { filter: Filter }) {
  const narrow = isNarrow(filter);
  const found = useFound(narrow ? filter : null);
  return (
    <>
      <FilterBar filter={filter} hits={found.hits} />
      {narrow && found.error !== null && <Notice kind="error">{found.error}</Notice>}
      {narrow ? <FoundList filter={filter} rows={found.rows} hasMore={found.hasMore} /> : <AnalysisList />}
    </>
  );
}

function useFilter(): Filter {
  const search = useSearch();
  const filter = useMemo(() => filterIn(search), [search]);
  useEffect(() => listAddress.set(addressOf(filter)), [filter]);
  return filter;
}

function EmptyState() {
  const { emptyTitle, emptyText, tips, seeDemo } = words();
  return (
    <section class="home-empty" data-testid="empty">
      <h2>{emptyTitle}</h2>
      <p>{emptyText}</p>
      <ol>
        {tips.map(({ bold, rest }) => (
          <li key={bold}>
            <strong>{bold}</strong>
            {rest}
          </li>
        ))}
      </ol>
      <Link href="/demo" class="button" data-testid="to-demo">
        {seeDemo}
      </Link>
    </section>
  );
}
