import { useLocation } from "wouter-preact";

import { FilmView } from "../features/filming/film-view.tsx";
import { words } from "../features/filming/words.ts";
import { QuotaNote } from "../features/uploads/quota-note.tsx";
import { startUpload } from "../features/uploads/uploads.ts";
import { PageHeading } from "./page-heading.tsx";

/** Where climbs are filmed, or cut, before they go up together. */
export function FilmPage({ userId, begin }: { userId: string; begin: "camera" | "list" }) {
  const [, navigate] = useLocation();
  return (
    <main class="page film-page">
      <PageHeading title={words().title} />
      <QuotaNote />
      <FilmView user={userId} begin={begin} onSend={startUpload} onSent={() => navigate("/")} />
    </main>
  );
}
