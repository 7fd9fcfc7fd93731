"""What a climber is made to do, and how long the limbs are, as the arrays of a Truth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from validation.geometry import Array, Mask
from validation.motion import LIMBS, Event, Motion
from validation.rig import PART_NAMES, Body

SEGMENT_NAMES: Final = (
    "upper_arm", "forearm", "hand", "thigh", "shank", "shoulder_width", "hip_width", "torso", "arm_span",
)  # fmt: skip
_STANDING: Final = 0.99


@dataclass(frozen=True)
class Deeds:
    """e events. Limbs are places in LIMBS, holds those of the truth; -1: none is meant."""

    kinds: NDArray[np.str_]
    limbs: NDArray[np.int16]
    times_s: Array
    holds: NDArray[np.int16]


def in_order(events: Sequence[Event], holds: Sequence[str], last_s: float) -> Deeds:
    """Events by their beginning; one that begins after the clip's last frame is not in it."""
    shown = sorted((one for one in events if one.begin_s <= last_s), key=lambda one: (one.begin_s, one.kind))
    return Deeds(
        kinds=np.array([one.kind for one in shown], np.str_),
        limbs=np.array([LIMBS.index(one.limb) if one.limb else -1 for one in shown], np.int16),
        times_s=np.array([[one.begin_s, min(one.end_s, last_s)] for one in shown]).reshape(-1, 2),
        holds=np.array([holds.index(one.hold) if one.hold else -1 for one in shown], np.int16),
    )


def on_floor(motion: Motion) -> Mask:
    """(n, 4) which limbs stand on the mat."""
    return np.stack([motion.limbs[limb].on_floor >= _STANDING for limb in LIMBS], 1)


def segments_m(body: Body) -> Array:
    """(9,) in the order of SEGMENT_NAMES: lengths of the left limbs, which are those of the right ones."""
    limbs = body.limbs["L"]
    shoulders, hips = (
        np.array([body.head(f"{bone}.{side}") for side in "LR"]) for bone in ("upperarm01", "upperleg01")
    )
    shoulder_width = float(np.linalg.norm(shoulders[0] - shoulders[1]))
    wrist_to_tip = np.linalg.norm(
        body.vertices[body.part_of_vertex == PART_NAMES.index("L_hand")] - body.head("wrist.L"), axis=1
    ).max()
    return np.array([
        limbs.upper_arm,
        limbs.forearm,
        limbs.hand,
        limbs.thigh,
        limbs.shank,
        shoulder_width,
        float(np.linalg.norm(hips[0] - hips[1])),
        float(np.linalg.norm(shoulders.mean(0) - hips.mean(0))),
        shoulder_width + 2 * (limbs.upper_arm + limbs.forearm + float(wrist_to_tip)),
    ])  # fmt: skip
