import { useEffect, useState } from "preact/hooks";

import { clipChanges, clipsOf, type DeviceClip } from "../../lib/device-clips.ts";
import { session } from "../../lib/session.ts";
import { useStore } from "../../lib/use-store.ts";

/** This climber's clips that have arrived and play from this browser. */
export function useDeviceClips(): readonly DeviceClip[] {
  const current = useStore(session);
  const round = useStore(clipChanges);
  const user = current.state === "in" ? current.user.id : null;
  const [clips, setClips] = useState<readonly DeviceClip[]>([]);
  useEffect(() => {
    let isGone = false;
    if (user !== null) {
      void clipsOf(user).then((found) => {
        if (!isGone) setClips(found.filter((clip) => clip.videoId !== null));
      });
    }
    return () => {
      isGone = true;
    };
  }, [user, round]);
  return clips;
}
