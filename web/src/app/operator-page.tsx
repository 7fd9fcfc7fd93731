import { useEffect } from "preact/hooks";

import { OperatorView } from "../features/operator/operator-view.tsx";
import { words } from "../features/operator/words.ts";
import { PageHeading } from "./page-heading.tsx";

export function OperatorPage() {
  const { title } = words();
  useEffect(() => {
    document.title = `${title} · Ascension`;
  }, [title]);
  return (
    <main class="page">
      <PageHeading>{title}</PageHeading>
      <OperatorView />
    </main>
  );
}
