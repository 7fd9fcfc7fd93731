import { AccountView } from "../features/account/account-view.tsx";
import { words } from "../features/account/words.ts";
import { ChangePassword } from "../features/letters/change-password.tsx";
import { Coaches } from "../features/sharing/coaches.tsx";
import { PageHeading } from "./page-heading.tsx";

export function AccountPage() {
  const { title, intro } = words();
  return (
    <main class="page">
      <PageHeading title={title} />
      <p>{intro}</p>
      <AccountView />
      <ChangePassword />
      <Coaches />
    </main>
  );
}
