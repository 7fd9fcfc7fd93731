/** What the parts of a climb are called. One place, so that another language has one place to go. */

import type { LimbName } from "./climb.ts";

export const limbWords: Record<LimbName, string> = {
  left_hand: "Left hand",
  right_hand: "Right hand",
  left_foot: "Left foot",
  right_foot: "Right foot",
};

export const limbShortWords: Record<LimbName, string> = {
  left_hand: "L hand",
  right_hand: "R hand",
  left_foot: "L foot",
  right_foot: "R foot",
};

const moveKinds: Record<string, string> = { static: "static", dynamic: "dynamic", deadpoint: "deadpoint", dyno: "dyno" };

const events: Record<string, string> = {
  foot_cut: "feet off",
  readjustment: "regrip",
  match: "match",
  dyno: "dyno",
  fall: "fall",
  top: "top",
  rest: "rest",
  slip: "slip",
};

const outcomes: Record<string, string> = {
  top: "topped",
  fall: "fell",
  down: "climbed down",
  left_picture: "left the picture",
  unknown: "end not known",
};

const axes: Record<string, string> = {
  technique: "Technique",
  pace: "Pace",
  footwork: "Footwork",
  fluency: "Fluency",
  efficiency: "Efficiency",
  endurance: "Endurance",
};

const axisReasons: Record<string, string> = {
  too_little_measured: "Too little of it was measured.",
  too_few_moves: "Too few moves to judge.",
};

const units: Record<string, string> = {
  1: "",
  n: "",
  torso: "torso lengths",
  "torso/s": "torso lengths/s",
  "1/min": "per min",
  "1/s": "per s",
  "s/move": "s per move",
  deg: "°",
};

const measures: Record<string, string> = {
  geometric_entropy: "Entropy of the path",
  path_ratio: "Path over straight line",
  excess_path: "Way beyond the shortest",
  climbing_speed: "Climbing speed",
  pace: "Hand moves",
  immobility_share: "Time at rest",
  plateau_count: "Stops",
  plateau_mean: "Mean stop",
  plateau_longest: "Longest stop",
  state_immobility: "Time immobile",
  state_postural_regulation: "Time shifting the body",
  state_hold_interaction: "Time working a hold",
  state_traction: "Time pulling up",
  reach_sparc: "Smoothness of reaches (SPARC)",
  hip_sparc: "Smoothness of the hips (SPARC)",
  reach_ldlj: "Smoothness of reaches (LDLJ)",
  hip_ldlj: "Smoothness of the hips (LDLJ)",
  hip_jerk: "Jerk of the hips",
  straight_arm_share: "Straight arms at rest",
  bent_hold_longest: "Longest hold on bent arms",
  bent_hold_time: "Time held on bent arms",
  shoulder_relaxing_share: "Shoulders relaxed after a move",
  supported_reach_share: "Reaches from both feet",
  long_reach_share: "Long reaches",
  long_reach_time: "Time of long reaches",
  set_feet_share: "Feet set before the hand goes",
  weight_shift: "Weight shift over the foot",
  hip_to_wall: "Hips to the wall",
  preparation_time: "Preparation of a move",
  reaching_time: "Reach",
  stabilization_time: "Settling after a move",
  reach_count: "Reaches",
  reach_distance: "Way of a reach",
  reach_time: "Time of a reach",
  hand_contact_time: "Contact of a hand",
  foot_contact_time: "Contact of a foot",
  exploration_ratio: "Touched, not used",
  grip_readjustments: "Grips readjusted",
  foot_replacements: "Feet placed again",
  foot_taps: "Foot taps",
  foot_offset_proxy: "Foot beside its hold (proxy)",
  foot_cut_count: "Feet cut loose",
  foot_cut_time: "Time with feet cut loose",
  release_frequency: "Releases of each limb",
  simultaneous_releases: "Two limbs off at once",
  support_offset: "Center of mass beside the feet",
  height_work: "Work against gravity",
  work_ratio: "Work over the least work",
  hand_load_estimate: "Load on the hands (estimate)",
  dynamic_count: "Dynamic moves",
  deadpoint_count: "Deadpoints",
  dyno_count: "Dynos",
  reach_asymmetry: "Reaches: right against left",
  contact_asymmetry: "Contacts: right against left",
  elbow_asymmetry: "Elbows: right against left",
  load_asymmetry_estimate: "Load: right against left (estimate)",
  height_gained: "Height gained",
  route_share: "Share of the route",
  holds_used: "Holds used",
  rest_count: "Rests",
  rest_time: "Time of rests",
  tempo_decay: "Slower from move to move",
  hip_turn_proxy: "Hips turned to the wall (proxy)",
  shoulder_turn_proxy: "Shoulders turned to the wall (proxy)",
  preview_time: "Looking before starting",
};

export const moveWords = (kind: string) => moveKinds[kind] ?? inWords(kind);
export const eventWords = (kind: string) => events[kind] ?? inWords(kind);
export const outcomeWords = (outcome: string) => outcomes[outcome] ?? inWords(outcome);
export const axisWords = (axis: string) => axes[axis] ?? inWords(axis);
export const axisReasonWords = (reason: string) => axisReasons[reason] ?? inWords(reason);
export const unitWords = (unit: string) => units[unit] ?? unit;
export const measureWords = (name: string) => measures[name] ?? inWords(name);

/** A word that this client does not know: "left_picture" -> "left picture". */
function inWords(code: string): string {
  return code.replaceAll("_", " ");
}

/** Three digits that count, no more: 0.3266 -> "0.327", 29420 -> "29,420". */
export function numberWords(value: number): string {
  const digits = { maximumSignificantDigits: Math.abs(value) < 1000 ? 3 : 21, maximumFractionDigits: 3, roundingPriority: "lessPrecision", signDisplay: "negative" } as const;
  return new Intl.NumberFormat("en", digits).format(value).replace("-", "−");
}

/** 0.345 m -> "0.35 m"; lengths of moves. */
export function lengthWords(length: number, unit: "m" | "torso"): string {
  return unit === "m" ? `${length.toFixed(2)}\u00a0m` : `${length.toFixed(2)}\u00a0torso`;
}

export function percentWords(share: number): string {
  return `${Math.round(100 * share)}\u00a0%`;
}
