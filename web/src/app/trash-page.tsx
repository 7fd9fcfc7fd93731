import "./climb-page.css";

import { Link } from "wouter-preact";

import { BackIcon } from "../components/icons.tsx";
import { listAddress } from "../features/analyses/filter.ts";
import { TrashList } from "../features/analyses/trash-list.tsx";
import { words } from "../features/analyses/words.ts";
import { RemovedRoutes } from "../features/routes/removed-routes.tsx";
import { dropGoneClips } from "../features/uploads/uploads.ts";
import { PageHeading } from "./page-heading.tsx";

/** What was deleted and can be had back for a while. */
export function TrashPage() {
  return (
    <main class="page climb-page">
      <div class="climb-page-head">
        <Link href={listAddress.get()} class="button button-quiet button-icon" aria-label={words().back}>
          <BackIcon />
        </Link>
        <div class="climb-page-name">
          <PageHeading title={words().trash.title} />
        </div>
      </div>
      <TrashList onGone={dropGoneClips} />
      <RemovedRoutes />
    </main>
  );
}
