import "./home-page.css";

import { useEffect } from "preact/hooks";

import { analyses } from "../features/analyses/analyses.ts";
import { AnalysisList } from "../features/analyses/analysis-list.tsx";
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
  const isEmpty = useStore(uploads).length === 0 && items.length === 0;
  // failed and canceled analyses are given back
  const counted = items.filter((item) => item.state !== "failed" && item.state !== "canceled").length;
  useEffect(() => {
    document.title = "Your climbs · Ascension";
  }, []);
  useEffect(() => {
    if (loaded) void reloadUser().catch(() => undefined); // the last known numbers stay
  }, [counted, loaded]);
  return (
    <main class="page">
      <DropZone />
      <div class="home-head">
        <PageHeading>Your climbs</PageHeading>
        <SourcePicker />
        <QuotaNote />
      </div>
      <UploadList />
      {isEmpty && loaded && <EmptyState />}
      {isEmpty && !loaded && <p aria-busy="true">Looking for your climbs …</p>}
      {items.length > 0 && <AnalysisList />}
    </main>
  );
}

function EmptyState() {
  return (
    <section class="home-empty" data-testid="empty">
      <h2>Nothing on the wall yet</h2>
      <p>Film one climb, or try the example to see what you get.</p>
      <ol>
        <li>
          <strong>Stand 4 to 6 m away</strong> so that the whole climber stays in the picture, hands and feet included.
        </li>
        <li>
          <strong>Hold the phone still</strong>, upright, at hip height. Leaning it on a bag is enough.
        </li>
        <li>
          <strong>One climber, up to 10 minutes.</strong> The measures come from one camera: movement towards or away from it is not seen.
        </li>
      </ol>
    </section>
  );
}
