"""Arms that hold the body, and how far the trunk is turned: B09, B10, B11, B33."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import ANGLE_NAMES, Landmark
from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.climbing.limbs import HANDS, LIMBS, Limb
from ascension.climbing.measures.material import (
    Found,
    Material,
    NotMeasurableError,
    gate,
    of_contacts,
    of_landmarks,
    of_moves,
)
from ascension.climbing.measures.stillness import STILL_TORSO_PER_S, lasting
from ascension.climbing.reasons import Unmeasured
from ascension.climbing.record import Evidence, Interval

STRAIGHT_DEG: Final = 150.0
BENT_DEG: Final = 120.0
BENT_S: Final = 1.0
RELAXED_SHOULDER_DEG: Final = 150.0
SETTLING_S: Final = 0.5
"""A shoulder has at least this long to relax, also where the body is still at once."""
_LEAST_LOADED_S: Final = 1.0
_FULL_WIDTH_PERCENTILE: Final = 95


@dataclass(frozen=True)
class Arm:
    """One arm while it holds the resting body from below its hand: loaded (frames,), elbow_deg (frames,)."""

    loaded: BoolArray
    elbow_deg: FloatArray

    @property
    def known(self) -> BoolArray:
        return self.loaded & np.isfinite(self.elbow_deg)


def straight_arm_share(material: Material) -> Found:
    arms, certainty = loaded_arms(material)
    known = np.sum([arm.known for arm in arms.values()], axis=0)
    straight = np.sum([arm.known & (arm.elbow_deg >= STRAIGHT_DEG) for arm in arms.values()], axis=0)
    share = (straight @ material.lasts_s) / (known @ material.lasts_s)
    return Found(100 * float(share), certainty, lasting(material, known > 0, 0.0))


def bent_hold_longest(material: Material) -> Found:
    holds, certainty = _bent_holds(material)
    if not holds:
        return Found(0.0, certainty, material.whole)
    longest = max(holds, key=lambda one: material.between_s(one.start, one.end))
    return Found(material.between_s(longest.start, longest.end), certainty, (longest,))


def bent_hold_time(material: Material) -> Found:
    holds, certainty = _bent_holds(material)
    total_s = sum(material.between_s(one.start, one.end) for one in holds)
    return Found(float(total_s), certainty, holds or material.whole)


def shoulder_relaxing(material: Material) -> Found:
    moves = material.hand_moves
    certainty = of_moves(moves)
    relaxed: list[bool] = []
    frames: list[Interval] = []
    first, least = material.attempt.start, round(SETTLING_S / material.step_s)
    for move in moves:
        side = "left" if move.limb == Limb.LEFT_HAND else "right"
        end = min(max(move.settled, move.reach_end + least), material.attempt.end)
        settling = slice(move.reach_end - first, end - first)
        angles = material.angles_deg[settling, ANGLE_NAMES.index(f"{side}_shoulder")]
        if np.isfinite(angles).any():
            relaxed.append(bool(np.nanmin(angles) < RELAXED_SHOULDER_DEG))
            frames.append(Interval(move.reach_end, end))
    passed = gate(len(relaxed) / len(moves), "shoulder_seldom_seen_after_grip")
    return Found(100 * float(np.mean(relaxed)), certainty * passed, tuple(frames))


def hip_turn_proxy(material: Material) -> Found:
    return _turn(material, Landmark.LEFT_HIP, Landmark.RIGHT_HIP, "hips_seldom_seen")


def shoulder_turn_proxy(material: Material) -> Found:
    return _turn(material, Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, "shoulders_seldom_seen")


def loaded_arms(material: Material) -> tuple[dict[Limb, Arm], float]:
    """Both arms, and how sure they are: hand on a hold and above its shoulder, hips below STILL_TORSO_PER_S.

    Raises NotMeasurableError where they held the body for less than a second in all, or were hardly seen.
    """
    certainty = of_contacts(material, HANDS)
    still = material.hips.seen & (material.hips.speed < STILL_TORSO_PER_S * material.torso)
    arms: dict[Limb, Arm] = {}
    for limb in HANDS:
        shoulder = Landmark.LEFT_SHOULDER if limb == Limb.LEFT_HAND else Landmark.RIGHT_SHOULDER
        heights = material.motion.landmarks[material.frames, shoulder, 1]
        above = material.end(limb).places[:, 1] > heights
        arms[limb] = Arm(still & above & material.on[:, LIMBS.index(limb)], _elbow_deg(material, limb))
    loaded_s = float(np.sum([arm.loaded @ material.lasts_s for arm in arms.values()]))
    known_s = float(np.sum([arm.known @ material.lasts_s for arm in arms.values()]))
    if loaded_s < _LEAST_LOADED_S:
        raise NotMeasurableError("no_arm_held_body", Evidence("least", _LEAST_LOADED_S, "s"))
    return arms, certainty * gate(known_s / loaded_s, "elbows_of_loaded_arms_seldom_seen")


def _bent_holds(material: Material) -> tuple[tuple[Interval, ...], float]:
    """When at least one arm that holds on stayed bent for BENT_S while the body rested."""
    certainty = of_contacts(material, HANDS)
    still = material.hips.seen & (material.hips.speed < STILL_TORSO_PER_S * material.torso)
    bent = np.zeros(len(material.time_s), np.bool_)
    holding_s = known_s = 0.0
    for limb in HANDS:
        elbow_deg = _elbow_deg(material, limb)
        holding = still & material.on[:, LIMBS.index(limb)]
        holding_s += float(holding @ material.lasts_s)
        known_s += float((holding & np.isfinite(elbow_deg)) @ material.lasts_s)
        for one in lasting(material, holding & (elbow_deg < BENT_DEG), BENT_S):
            bent[one.start - material.attempt.start : one.end - material.attempt.start] = True
    if holding_s == 0:
        raise NotMeasurableError("no_hand_held_at_rest")
    passed = gate(known_s / holding_s, "elbows_of_holding_hands_seldom_seen")
    return lasting(material, bent, 0.0), certainty * passed


def _elbow_deg(material: Material, limb: Limb) -> FloatArray:
    side = "left" if limb == Limb.LEFT_HAND else "right"
    return material.angles_deg[:, ANGLE_NAMES.index(f"{side}_elbow")]


def _turn(material: Material, left: Landmark, right: Landmark, otherwise: Unmeasured) -> Found:
    """Median apparent width over the width that one frame in twenty surpasses: 1 = square to the camera."""
    certainty = of_landmarks(material, otherwise, left, right)
    places = material.motion.landmarks[material.frames][material.seen(left, right)]
    widths = np.linalg.norm(places[:, left] - places[:, right], axis=1)
    full = float(np.percentile(widths, _FULL_WIDTH_PERCENTILE))
    if full == 0:
        raise NotMeasurableError("sides_in_one_place")
    return Found(min(float(np.median(widths)) / full, 1.0), certainty, material.whole)
