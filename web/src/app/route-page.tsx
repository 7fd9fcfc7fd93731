import "../features/player/facts.css";
import "./climb-page.css";

import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import { BackIcon } from "../components/icons.tsx";
import { RouteView } from "../features/routes/route-view.tsx";
import { words } from "../features/routes/words.ts";
import { PageHeading } from "./page-heading.tsx";

/** One of the climber's routes, and its log. */
export function RoutePage({ id }: { id: string }) {
  const { page, backToAll } = words();
  const [name, setName] = useState<string | null>(null);
  return (
    <main class="page">
      <div class="climb-page-head">
        <Link href="/routes" class="button button-quiet button-icon" aria-label={backToAll}>
          <BackIcon />
        </Link>
        <div class="climb-page-name">
          <PageHeading title={name ?? page} />
        </div>
      </div>
      <RouteView id={id} onName={setName} />
    </main>
  );
}
