import "../features/player/facts.css";
import "../features/player/controls.css";

import { Calendar } from "../features/calendar/calendar.tsx";
import { ProgressView } from "../features/progress/progress-view.tsx";
import { words } from "../features/progress/words.ts";
import { PageHeading } from "./page-heading.tsx";

export function ProgressPage() {
  const { title } = words();
  return (
    <main class="page">
      <PageHeading title={title} />
      <ProgressView calendar={<Calendar />} />
    </main>
  );
}
