import { useEffect } from "preact/hooks";

import { ProfileLoader } from "../features/climber/profile-loader.tsx";
import { words } from "../features/climber/words.ts";
import { PageHeading } from "./page-heading.tsx";

export function ClimberPage() {
  const { title, intro } = words();
  useEffect(() => {
    document.title = `${title} · Ascension`;
  }, [title]);
  return (
    <main class="page">
      <PageHeading>{title}</PageHeading>
      <p>{intro}</p>
      <ProfileLoader />
    </main>
  );
}
