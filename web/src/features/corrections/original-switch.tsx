import type { Desk } from "./requests.ts";
import { words } from "./words.ts";

/** What was read, beside what became of it with the corrections; nothing where none is worked in. */
export function OriginalSwitch({ desk: { corrections, isOriginal, setOriginal } }: { desk: Desk }) {
  const { shown, original, corrected, originalNote } = words();
  const isWorkedIn = corrections?.state === "completed" && corrections.items.length > 0;
  if (!isWorkedIn && !isOriginal) return null;
  return (
    <div class="view-switch original-switch" data-testid="original-switch">
      <div class="view-choice" role="group" aria-label={shown}>
        <button type="button" class="view-button" aria-pressed={isOriginal} onClick={() => setOriginal(true)} data-testid="show-original">
          {original}
        </button>
        <button type="button" class="view-button" aria-pressed={!isOriginal} onClick={() => setOriginal(false)} data-testid="show-corrected">
          {corrected}
        </button>
      </div>
      {isOriginal && (
        <p class="facts-note" role="status">
          {originalNote}
        </p>
      )}
    </div>
  );
}
