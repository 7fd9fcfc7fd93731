import { RouteList } from "../features/routes/route-list.tsx";
import { words } from "../features/routes/words.ts";
import { PageHeading } from "./page-heading.tsx";

/** All of the climber's routes. */
export function RoutesPage() {
  return (
    <main class="page">
      <PageHeading title={words().pageOfAll} />
      <RouteList />
    </main>
  );
}
