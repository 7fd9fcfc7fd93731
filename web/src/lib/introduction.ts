/** Who has just made an account is shown what this is, once: kept on the device until it was seen or skipped. */

import { recall, remember } from "./memory.ts";
import { session } from "./session.ts";

const key = "ascension.introduction-due";

/** For the account that was just made here. */
export function promiseIntroduction(): void {
  const now = session.get();
  if (now.state === "in") remember(key, now.user.id);
}

export function isIntroductionDue(userId: string): boolean {
  return recall(key) === userId;
}

export function endIntroduction(): void {
  remember(key, null);
}
