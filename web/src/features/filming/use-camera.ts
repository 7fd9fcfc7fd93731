import { useCallback, useEffect, useState } from "preact/hooks";

import { CameraError, closeCamera, keepAwake, openCamera, type Trouble } from "./camera.ts";

/** Seconds of film that need to fit, and what a second takes. */
const leastRoomS = 60;
const bytesPerS = 750_000;

export type CameraState = { state: "opening" } | { state: "live"; stream: MediaStream; roomS: number } | { state: "failed"; trouble: Trouble | "no-room" };

/** The camera as long as the component is shown, and a screen that stays on. */
export function useCamera(): { camera: CameraState; again: () => void } {
  const [camera, setCamera] = useState<CameraState>({ state: "opening" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isGone = false;
    let opened: MediaStream | null = null;
    const sleep = keepAwake();
    setCamera({ state: "opening" });
    openWithRoom()
      .then(({ stream, roomS }) => {
        opened = stream;
        if (isGone) closeCamera(stream);
        else setCamera({ state: "live", stream, roomS });
      })
      .catch((cause: unknown) => {
        if (!isGone) setCamera({ state: "failed", trouble: cause instanceof CameraError ? cause.trouble : "no-room" });
      });
    return () => {
      isGone = true;
      sleep();
      if (opened !== null) closeCamera(opened);
    };
  }, [round]);
  return { camera, again: useCallback(() => setRound((last) => last + 1), []) };
}

async function openWithRoom(): Promise<{ stream: MediaStream; roomS: number }> {
  const stream = await openCamera();
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  const roomS = (quota - usage) / bytesPerS;
  if (roomS >= leastRoomS) return { stream, roomS };
  closeCamera(stream);
  throw new Error("no room");
}
