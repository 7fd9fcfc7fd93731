import { OperatorView, parts } from "../features/operator/operator-view.tsx";
import { words } from "../features/operator/words.ts";
import { PageHeading } from "./page-heading.tsx";

/** `part`: what follows in the address; the queue comes first. */
export function OperatorPage({ part }: { part: string | undefined }) {
  const { title } = words();
  const shown = parts.find((one) => one === part) ?? "queue";
  return (
    <main class="page">
      <PageHeading title={title} />
      <OperatorView part={shown} />
    </main>
  );
}
