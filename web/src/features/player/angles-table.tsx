import "./facts.css";

import { useStore } from "../../lib/use-store.ts";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";
import { SidesTable } from "./sides-table.tsx";
import { words } from "./words.ts";

/** The joint angles of the frame on screen; "not seen" where there is nothing to measure. */
export function AnglesTable({ result, playback }: { result: Result; playback: Playback }) {
  const frame = useStore(playback.frame);
  const { angles, joints, anglesNote } = words();
  return (
    <section class="facts">
      <h2>{angles}</h2>
      <SidesTable testId="angles">
        {Object.entries(joints).map(([joint, name]) => (
          <tr key={joint}>
            <th scope="row">{name}</th>
            <td>
              <Angle result={result} frame={frame} name={`left_${joint}`} />
            </td>
            <td>
              <Angle result={result} frame={frame} name={`right_${joint}`} />
            </td>
          </tr>
        ))}
      </SidesTable>
      <p class="facts-note">{anglesNote}</p>
    </section>
  );
}

function Angle({ result, frame, name }: { result: Result; frame: number; name: string }) {
  const at = frame * 8 + result.facts.joint_angles.indexOf(name);
  if (result.anglesMeasured[at] !== 1) return <span class="angles-unseen">{words().notSeen}</span>;
  return <>{Math.round(result.anglesDeg[at] ?? 0)}°</>;
}
