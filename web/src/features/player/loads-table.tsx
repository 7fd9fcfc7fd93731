import "./facts.css";

import { percentWords } from "../../lib/terms.ts";
import { useStore } from "../../lib/use-store.ts";
import type { Climb, LimbName } from "./climb.ts";
import { leanWords } from "./lean-panel.tsx";
import { loadsAt, loadsStateOf } from "./loads.ts";
import type { Playback } from "./playback.ts";
import { SidesTable } from "./sides-table.tsx";
import { useSource } from "./source.ts";
import { words } from "./words.ts";

const rows = [
  ["hands", "left_hand", "right_hand"],
  ["feet", "left_foot", "right_foot"],
] as const;

interface Props {
  climb: Climb;
  playback: Playback;
  /** Asks how far the wall leans; null where no analysis can be asked for now. */
  onTell: (() => void) | null;
}

/** What hands and feet carry in the frame on screen, or why that is not known. */
export function LoadsTable({ climb, playback, onTell }: Props) {
  const frame = useStore(playback.frame);
  const state = loadsStateOf(climb);
  const { isOwn } = useSource();
  const { loads: say } = words();
  if (!isOwn) return null; // they tell of injuries
  if (state !== "known") {
    return (
      <section class="facts" data-testid="loads">
        <h2>{say.title}</h2>
        <p class="facts-note">{say.missing[state]}</p>
        {state === "no angle" && onTell !== null && (
          <div class="facts-actions">
            <button type="button" class="button" onClick={onTell} data-testid="tell-lean">
              {words().leanGive}
            </button>
          </div>
        )}
      </section>
    );
  }
  const now = loadsAt(climb, frame);
  return (
    <section class="facts">
      <h2>{say.title}</h2>
      <SidesTable testId="loads">
        {rows.map(([row, ...limbs]) => (
          <tr key={row}>
            <th scope="row">{say[row]}</th>
            {limbs.map((limb) => (
              <td key={limb}>
                <Load now={now} limb={limb} />
              </td>
            ))}
          </tr>
        ))}
      </SidesTable>
      <p class="facts-note">{say.note(leanWords(climb.overhang_deg ?? 0))}</p>
    </section>
  );
}

function Load({ now, limb }: { now: Record<LimbName, number> | null; limb: LimbName }) {
  if (now === null) return <span class="angles-unseen">{words().loads.unknown}</span>;
  return <>{percentWords(now[limb])}</>;
}
