import { useLocation } from "wouter-preact";

import { Introduction } from "../features/introduction/introduction.tsx";
import { PageHeading } from "./page-heading.tsx";

/** What somebody new is shown first, and whoever asks for it again. */
export function WelcomePage() {
  const [, navigate] = useLocation();
  return (
    <main class="page">
      <Introduction heading={(title) => <PageHeading title={title} />} onEnd={() => navigate("/", { replace: true })} />
    </main>
  );
}
