import { contactUnder, holdsWith, withHold } from "./drafts.ts";
import type { Bench } from "../player/workbench.ts";
import { changeContact, contactInHand, type Work } from "./work.ts";
import { words } from "./words.ts";

/** What becomes of the hold in hand. */
export function HoldTool({ bench: { result, playback }, work }: { bench: Bench; work: Work }) {
  const { holdHow, holdChosen, holdGone, holdNew, holdRemove, holdBack, holdWho } = words();
  const { history, hold, newHold } = work;
  const { climb } = result.facts;
  if (climb == null) return null;
  const chosen = hold === null ? undefined : holdsWith(climb, history.now).find(({ at }) => at[0] === hold[0] && at[1] === hold[1]);
  const begin = () => {
    const limb = contactInHand(work)?.limb ?? "left_hand";
    const contact = contactUnder(climb, history.now, limb, playback.frame.get(), result.frameCount);
    work.take(contact);
    changeContact(work, contact, { kind: "hold", place: newHold }, null);
    work.setNewHold(null);
    work.setTool("contact");
  };
  const put = (to: [number, number] | null) => chosen !== undefined && history.change((draft) => withHold(draft, { at: chosen.at, to }), null);
  const says = newHold !== null ? holdNew : chosen === undefined ? holdHow : chosen.place === null ? holdGone(chosen.number) : holdChosen(chosen.number);
  return (
    <>
      <p class="work-words" aria-live="polite" data-testid="work-words">
        {says}
      </p>
      <div class="correction-actions">
        {newHold !== null ? (
          <button type="button" class="button" onClick={begin} data-testid="hold-who">
            {holdWho}
          </button>
        ) : chosen?.place === null ? (
          <button type="button" class="button" onClick={() => put([chosen.at[0], chosen.at[1]])} data-testid="hold-back">
            {holdBack}
          </button>
        ) : (
          <button type="button" class="button" disabled={chosen === undefined} onClick={() => put(null)} data-testid="hold-remove">
            {holdRemove}
          </button>
        )}
      </div>
    </>
  );
}
