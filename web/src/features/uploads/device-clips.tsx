import "../../components/list.css";

import { useState } from "preact/hooks";

import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { dropClip, type DeviceClip } from "../../lib/device-clips.ts";
import { focusHeading } from "../../lib/focus.ts";
import { formatBytes, formatWhen } from "../../lib/format.ts";
import { showToast } from "../../lib/toast.ts";
import { useDeviceClips } from "./use-device-clips.ts";
import { words } from "./words.ts";

/** What of the climber's clips lies in this browser, and how it goes. */
export function DeviceClips() {
  const clips = useDeviceClips();
  const [isAsking, setAsking] = useState(false);
  const { here } = words();
  const remove = async (leaving: readonly DeviceClip[]) => {
    for (const { user, fingerprint } of leaving) await dropClip(user, fingerprint);
    focusHeading({ preventScroll: true }); // the button goes with its row
    showToast(here.removed);
  };
  const heldBytes = clips.reduce((sum, clip) => sum + clip.sizeBytes, 0);
  return (
    <section class="account-part" aria-labelledby="device-clips">
      <h2 id="device-clips">{here.title}</h2>
      <p>{here.text}</p>
      {clips.length === 0 && <p data-testid="device-clips-none">{here.none}</p>}
      <ul class="row-list" data-testid="device-clips">
        {clips.map((clip) => (
          <li key={clip.fingerprint}>
            <span>
              <strong>{clip.name}</strong>
              <span class="account-soft">
                {formatBytes(clip.sizeBytes)}, {formatWhen(new Date(clip.keptAtMs).toISOString())}
              </span>
            </span>
            <button type="button" class="button" aria-label={here.removeNamed(clip.name)} onClick={() => void remove([clip])} data-testid="device-clip-remove">
              {here.remove}
            </button>
          </li>
        ))}
      </ul>
      {clips.length > 1 && (
        <button type="button" class="button" onClick={() => setAsking(true)} data-testid="device-clips-remove-all">
          {here.removeAll(formatBytes(heldBytes))}
        </button>
      )}
      {isAsking && (
        <ConfirmDialog title={here.removeAllTitle} confirmLabel={here.remove} onConfirm={() => void remove(clips)} onClose={() => setAsking(false)}>
          {here.removeAllText}
        </ConfirmDialog>
      )}
    </section>
  );
}
