import { AccountView } from "../features/account/account-view.tsx";
import { ChangePassword } from "../features/account/change-password.tsx";
import { ResultLetters } from "../features/account/result-letters.tsx";
import { words } from "../features/account/words.ts";
import { EraseAccount } from "../features/accounts/erase-dialog.tsx";
import { DeviceSection } from "../features/device/install-offer.tsx";
import { Coaches } from "../features/sharing/coaches.tsx";
import { words as privacyWords } from "../features/privacy/words.ts";
import { YourData } from "../features/privacy/your-data.tsx";
import { DeviceClips } from "../features/uploads/device-clips.tsx";
import { PlanSection } from "../features/plans/plan-section.tsx";
import { PageHeading } from "./page-heading.tsx";

export function AccountPage() {
  const { title, intro } = words();
  const { leaving } = privacyWords();
  return (
    <main class="page">
      <PageHeading title={title} />
      <p>{intro}</p>
      <PlanSection />
      <AccountView />
      <ChangePassword />
      <ResultLetters />
      <DeviceClips />
      <DeviceSection />
      <YourData />
      <Coaches />
      <section class="account-part" aria-labelledby="leaving">
        <h2 id="leaving">{leaving}</h2>
        <EraseAccount />
      </section>
    </main>
  );
}
