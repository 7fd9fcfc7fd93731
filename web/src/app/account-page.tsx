import { AccountView } from "../features/account/account-view.tsx";
import { words } from "../features/account/words.ts";
import { EraseAccount } from "../features/accounts/erase-dialog.tsx";
import { ChangePassword } from "../features/letters/change-password.tsx";
import { Coaches } from "../features/sharing/coaches.tsx";
import { YourData } from "../features/privacy/your-data.tsx";
import { PlanSection } from "../features/plans/plan-section.tsx";
import { PageHeading } from "./page-heading.tsx";

export function AccountPage() {
  const { title, intro } = words();
  return (
    <main class="page">
      <PageHeading title={title} />
      <p>{intro}</p>
      <PlanSection />
      <AccountView />
      <ChangePassword />
      <YourData />
      <div class="account-part">
        <EraseAccount />
      </div>
      <Coaches />
    </main>
  );
}
