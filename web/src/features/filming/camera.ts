/** The phone's back camera, its light, and a screen that stays on. */

/** Why there is no picture: each asks for something else of the climber. */
export type Trouble = "insecure" | "no-camera-api" | "no-recorder-api" | "refused" | "none" | "in-use" | "unknown";

export class CameraError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

/** What the browser has to have; null where it has all. */
export function missingApi(): Trouble | null {
  if (!window.isSecureContext) return "insecure";
  const media = (navigator as Partial<Navigator>).mediaDevices as Partial<MediaDevices> | undefined;
  if (media?.getUserMedia === undefined) return "no-camera-api";
  return "MediaRecorder" in window ? null : "no-recorder-api";
}

/** The back camera at 1080p and 60 frames/s, or the best there is. No sound: nobody asks for it. Throws CameraError. */
export async function openCamera(): Promise<MediaStream> {
  const missing = missingApi();
  if (missing !== null) throw new CameraError(missing);
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 }, frameRate: { ideal: 60 } },
    });
  } catch (cause) {
    throw new CameraError(troubleOf(cause));
  }
}

function troubleOf(cause: unknown): Trouble {
  const byName: Readonly<Record<string, Trouble>> = {
    NotAllowedError: "refused",
    SecurityError: "refused",
    NotFoundError: "none",
    OverconstrainedError: "none",
    NotReadableError: "in-use",
    AbortError: "in-use",
  };
  return cause instanceof DOMException ? (byName[cause.name] ?? "unknown") : "unknown";
}

export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

export function hasTorch(stream: MediaStream): boolean {
  const track = stream.getVideoTracks()[0] as Partial<MediaStreamTrack> | undefined;
  const able = track?.getCapabilities?.();
  return able !== undefined && "torch" in able && able.torch === true;
}

export async function setTorch(stream: MediaStream, isOn: boolean): Promise<void> {
  const wanted: MediaTrackConstraintSet & { torch: boolean } = { torch: isOn };
  await stream.getVideoTracks()[0]?.applyConstraints({ advanced: [wanted] });
}

/** The screen stays on until the returned function is called; browsers without that let it sleep as usual. */
export function keepAwake(): () => void {
  const lock = (navigator as Partial<Navigator>).wakeLock;
  if (lock === undefined) return () => undefined;
  let held: WakeLockSentinel | null = null;
  let isOver = false;
  const take = () => {
    if (document.visibilityState !== "visible") return; // the browser lets go of it with the page
    lock
      .request("screen")
      .then((taken) => {
        if (isOver) void taken.release();
        else held = taken;
      })
      .catch(() => undefined); // low battery
  };
  take();
  document.addEventListener("visibilitychange", take);
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", take);
    void held?.release().catch(() => undefined);
  };
}
