import { ProfileLoader } from "../features/climber/profile-loader.tsx";
import { words } from "../features/climber/words.ts";
import { PageHeading } from "./page-heading.tsx";

export function ClimberPage() {
  const { title, intro } = words();
  return (
    <main class="page">
      <PageHeading title={title} />
      <p>{intro}</p>
      <ProfileLoader />
    </main>
  );
}
