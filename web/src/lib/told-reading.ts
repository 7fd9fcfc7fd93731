import { answer, api } from "./api.ts";
import { preferredScale, setScale } from "./grades.ts";
import { session } from "./session.ts";
import { setUnits, units } from "./units.ts";

/** Units and grades are the account's: whoever logs in reads in theirs, and what they change is theirs everywhere. */
export function keepReadingTold(): void {
  let owner: string | null = null;
  let isTaking = false;
  const take = () => {
    const now = session.get();
    const user = now.state === "in" ? now.user : null;
    const isOther = user !== null && user.id !== owner;
    owner = user?.id ?? null;
    if (!isOther) return;
    isTaking = true;
    if (user.units !== null) setUnits(user.units);
    if (user.grades !== null) setScale(user.grades);
    isTaking = false;
  };
  session.subscribe(take);
  take();
  const tell = () => {
    if (isTaking || session.get().state !== "in") return;
    answer(api.PUT("/api/v1/users/me/reading", { body: { units: units.get(), grades: preferredScale.get() } })).catch(() => undefined); // this device knows it
  };
  units.subscribe(tell);
  preferredScale.subscribe(tell);
}
