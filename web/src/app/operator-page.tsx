import { OperatorView } from "../features/operator/operator-view.tsx";
import { words } from "../features/operator/words.ts";
import { PageHeading } from "./page-heading.tsx";

export function OperatorPage() {
  const { title } = words();
  return (
    <main class="page">
      <PageHeading title={title} />
      <OperatorView />
    </main>
  );
}
