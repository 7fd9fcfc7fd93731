/** The lines and joints that the overlay draws, by landmark number (docs/guides/result-format.md, "Drawing"). */

export type Side = "left" | "right" | "middle";

export interface Limb {
  from: number;
  to: number;
  side: Side;
}

function chain(side: Side, pairs: [number, number][]): Limb[] {
  return pairs.map(([from, to]) => ({ from, to, side }));
}

export const limbs: readonly Limb[] = [
  ...chain("middle", [[11, 12], [11, 23], [12, 24], [23, 24], [7, 0], [0, 8]]),
  ...chain("left", [[11, 13], [13, 15], [15, 19], [23, 25], [25, 27], [27, 29], [29, 31], [27, 31]]),
  ...chain("right", [[12, 14], [14, 16], [16, 20], [24, 26], [26, 28], [28, 30], [30, 32], [28, 32]]),
];

/** Shoulders, elbows, wrists, hips, knees and ankles: odd numbers are the climber's left. */
export const joints: readonly number[] = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28];

/** Landmarks of each joint angle: the angle stands at the middle one. */
export const angleTriples: Readonly<Record<string, readonly [number, number, number]>> = {
  left_elbow: [11, 13, 15],
  right_elbow: [12, 14, 16],
  left_shoulder: [23, 11, 13],
  right_shoulder: [24, 12, 14],
  left_hip: [11, 23, 25],
  right_hip: [12, 24, 26],
  left_knee: [23, 25, 27],
  right_knee: [24, 26, 28],
};

export function sideOf(landmark: number): Side {
  return landmark === 0 ? "middle" : landmark % 2 === 1 ? "left" : "right";
}
