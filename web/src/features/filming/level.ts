/** How the phone is held against the horizon. */

/** Held nearly flat, nobody can say which way is up on the screen. */
const leastUpright = 0.5;
const inRadians = Math.PI / 180;

/**
 * Degrees that the horizon is turned clockwise on the screen; null where the phone lies flat or does not say.
 * `beta`, `gamma`: of a DeviceOrientationEvent; `screenDeg`: how far the screen is turned to be read.
 */
export function tiltOf(beta: number | null, gamma: number | null, screenDeg: number): number | null {
  if (beta === null || gamma === null) return null;
  // up, in the phone's own directions: to the right of its screen and to its upper edge
  const right = -Math.cos(beta * inRadians) * Math.sin(gamma * inRadians);
  const upper = Math.sin(beta * inRadians);
  if (Math.hypot(right, upper) < leastUpright) return null;
  const turned = Math.atan2(right, upper) / inRadians - screenDeg;
  return ((((turned + 180) % 360) + 360) % 360) - 180;
}

interface Asking {
  requestPermission?: () => Promise<"granted" | "denied">;
}

/** Phones by Apple tell it only when the climber was asked, and that only after a tap. */
export function mayAskForLevel(): boolean {
  return "DeviceOrientationEvent" in window && typeof (DeviceOrientationEvent as Asking).requestPermission === "function";
}

export async function askForLevel(): Promise<void> {
  await (DeviceOrientationEvent as Asking).requestPermission?.().catch(() => "denied");
}
