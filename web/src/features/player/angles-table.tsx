import "./facts.css";

import { useStore } from "../../lib/use-store.ts";
import type { Playback } from "./playback.ts";
import type { Result } from "./result.ts";

const jointNames = { elbow: "Elbow", shoulder: "Shoulder", hip: "Hip", knee: "Knee" };

/** The joint angles of the frame on screen; "not seen" where there is nothing to measure. */
export function AnglesTable({ result, playback }: { result: Result; playback: Playback }) {
  const frame = useStore(playback.frame);
  return (
    <section class="facts">
      <h2>Joint angles</h2>
      <table class="angles" data-testid="angles">
        <thead>
          <tr>
            <th scope="col">in this frame</th>
            <th scope="col" class="angles-left">
              Left
            </th>
            <th scope="col" class="angles-right">
              Right
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(jointNames).map(([joint, name]) => (
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
        </tbody>
      </table>
      <p class="facts-note">180° is straight. As seen in the picture: a bend towards or away from the camera does not show. Left and right are the climber’s own.</p>
    </section>
  );
}

function Angle({ result, frame, name }: { result: Result; frame: number; name: string }) {
  const at = frame * 8 + result.facts.joint_angles.indexOf(name);
  if (result.anglesMeasured[at] !== 1) return <span class="angles-unseen">not seen</span>;
  return <>{Math.round(result.anglesDeg[at] ?? 0)}°</>;
}
