import "./climb-page.css";

import { Link } from "wouter-preact";

import { BackIcon } from "../components/icons.tsx";
import { RouteList } from "../features/routes/route-list.tsx";
import { words } from "../features/routes/words.ts";
import { PageHeading } from "./page-heading.tsx";

/** All of the climber's routes. */
export function RoutesPage() {
  const { pageOfAll, back } = words();
  return (
    <main class="page">
      <div class="climb-page-head">
        <Link href="/progress" class="button button-quiet button-icon" aria-label={back}>
          <BackIcon />
        </Link>
        <div class="climb-page-name">
          <PageHeading title={pageOfAll} />
        </div>
      </div>
      <RouteList />
    </main>
  );
}
