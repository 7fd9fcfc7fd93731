import "./climb-page.css";

import { Link } from "wouter-preact";

import { BackIcon } from "../components/icons.tsx";
import { Notice } from "../components/notice.tsx";
import { analyses, loadMore } from "../features/analyses/analyses.ts";
import { useAnalysis, useFirstPage } from "../features/analyses/use-analysis.ts";
import { ownClimb } from "../features/compare/candidates.ts";
import { Chooser } from "../features/compare/chooser.tsx";
import { words } from "../features/compare/words.ts";
import { asRequestError } from "../lib/errors.ts";
import { useStore } from "../lib/use-store.ts";
import { AbsentPage } from "./climb-page.tsx";
import { PageHeading } from "./page-heading.tsx";

/** With which other attempt shall this climb be compared? */
export function ChoosePage({ id }: { id: string }) {
  const { items, loaded, nextCursor } = useStore(analyses);
  useFirstPage();
  const { analysis: climb, absence, error, setError } = useAnalysis(id);
  const { title } = words().choose;
  const more = () => {
    setError(null);
    loadMore().catch((cause: unknown) => setError(asRequestError(cause).message));
  };
  if (absence !== null) return <AbsentPage absence={absence} />;
  return (
    <main class="page climb-page">
      <div class="climb-page-head">
        <Link href={`/climbs/${id}`} class="button button-quiet button-icon" aria-label={words().back}>
          <BackIcon />
        </Link>
        <div class="climb-page-name">
          <PageHeading title={title} />
          <p class="climb-page-when">{climb?.video.file_name ?? "\u00a0"}</p>
        </div>
      </div>
      {error !== null && <Notice kind="error">{error}</Notice>}
      {climb !== undefined && loaded && <Chooser climb={ownClimb(climb)} climbs={items.map(ownClimb)} onMore={nextCursor === null ? null : more} />}
    </main>
  );
}
