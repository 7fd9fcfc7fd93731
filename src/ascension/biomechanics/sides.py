"""Left and right exchanged by the network: found over time and put back, and the frames marked."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import LANDMARK_COUNT, LANDMARK_NAMES, Landmark
from ascension.biomechanics.poses import BoolArray, FloatArray, IntArray, PoseSequence

EXCHANGE_COST_TORSO: Final = 0.12
"""An exchange has to save more than this mean distance at each of its ends, in torso lengths."""
EXCHANGED_COST_PER_S: Final = 0.6
"""Labels are taken to be right: being exchanged costs this much per second, so that the majority wins."""
_FARTHEST: Final = 1.0
"""A landmark counts with this many torso lengths at most: what jumped to nowhere says nothing about sides."""
_FORGOTTEN_S: Final = 0.5
"""After so long without a body nothing is known of where the limbs should be."""
_LEAST_WEIGHT: Final = 0.05


def _mirrored(name: str) -> str:
    if "left" in name:
        return name.replace("left", "right")
    return name.replace("right", "left")


MIRROR: Final[IntArray] = np.array([LANDMARK_NAMES.index(_mirrored(name)) for name in LANDMARK_NAMES])
"""(33,) for each landmark the same one of the other side."""

_TRUNK: Final = (*range(Landmark.RIGHT_SHOULDER + 1), Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
_ARMS: Final = tuple(range(Landmark.LEFT_ELBOW, Landmark.RIGHT_THUMB + 1))
_LEGS: Final = tuple(range(Landmark.LEFT_KNEE, LANDMARK_COUNT))
GROUPS: Final = (_TRUNK, _ARMS, _LEGS)
"""What may be exchanged for itself; the whole body is all three."""
_LANDMARKS_THAT_SHOW: Final = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
    (Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW, Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST),
    (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE, Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE),
)


@dataclass(frozen=True)
class Repaired:
    """poses: with every exchange undone; exchanged: (frames, 3) True where trunk, arms, legs were put back.

    order: (frames, 33) where each landmark came from, for whatever else belongs to the landmarks
    """

    poses: PoseSequence
    exchanged: BoolArray
    order: IntArray


def repair(poses: PoseSequence) -> Repaired:
    """Undo exchanges of left and right, of trunk, arms and legs each for itself.

    Method: the cheapest path through the states "as labeled" and "exchanged" of each group (Viterbi 1967).
    Between frames it costs how far the group's landmarks move, in torso lengths, seen ones counting more; a
    change of state and the time spent exchanged cost as well, so that crossed limbs, which move there
    continuously, are left alone. Known limits: sides that are wrong from the first frame to the last, or for
    most of the clip, cannot be told from right ones; nor can an exchange while both limbs are in one place.
    """
    frames = np.flatnonzero(poses.person)
    exchanged = np.zeros((poses.frame_count, len(GROUPS)), np.bool_)
    order = np.tile(np.arange(LANDMARK_COUNT), (poses.frame_count, 1))
    if len(frames) > 1:
        for number, (group, shown) in enumerate(zip(GROUPS, _LANDMARKS_THAT_SHOW, strict=True)):
            kept, crossed = _motions(poses, frames, np.array(shown))
            exchanged[frames, number] = _cheapest(kept, crossed, np.diff(poses.time_s[frames]))
            rows, columns = np.flatnonzero(exchanged[:, number]), np.array(group)
            order[rows[:, None], columns] = MIRROR[columns]
    repaired = PoseSequence(
        poses.time_s,
        poses.person,
        np.take_along_axis(poses.landmarks_px, order[:, :, None], axis=1),
        np.take_along_axis(poses.visibility, order, axis=1),
    )
    return Repaired(repaired, exchanged, order)


def _motions(poses: PoseSequence, frames: IntArray, shown: IntArray) -> tuple[FloatArray, FloatArray]:
    """(frames - 1,) mean step of the landmarks, in torso lengths: labels kept, and exchanged in between."""
    torso_px = poses.torso_px()
    places = poses.landmarks_px[frames][:, shown]
    others = poses.landmarks_px[frames][:, MIRROR[shown]]
    seen = np.maximum(poses.visibility[frames][:, shown], _LEAST_WEIGHT)
    weight = seen[1:] * seen[:-1]
    known = np.clip(1 - np.diff(poses.time_s[frames]) / _FORGOTTEN_S, 0, 1)

    def mean_step(after: FloatArray) -> FloatArray:
        steps = np.minimum(np.linalg.norm(after - places[:-1], axis=2) / torso_px, _FARTHEST)
        return known * (steps * weight).sum(axis=1) / weight.sum(axis=1)

    return mean_step(places[1:]), mean_step(others[1:])


def _cheapest(kept: FloatArray, crossed: FloatArray, steps_s: FloatArray) -> BoolArray:
    """(frames,) True where the cheapest path is in the exchanged state."""
    stay, leave = kept, crossed + EXCHANGE_COST_TORSO
    steps_s = np.minimum(steps_s, _FORGOTTEN_S)
    total = (0.0, 0.0)
    came_from_other: list[tuple[bool, bool]] = []
    for staying, leaving, step_s in zip(stay.tolist(), leave.tolist(), steps_s.tolist(), strict=True):
        right, wrong = total
        came_from_other.append((wrong + leaving < right + staying, right + leaving < wrong + staying))
        total = (
            min(right + staying, wrong + leaving),
            min(wrong + staying, right + leaving) + EXCHANGED_COST_PER_S * step_s,
        )
    state = total[1] < total[0]
    states = [state]
    for switched in reversed(came_from_other):
        state = state != switched[state]
        states.append(state)
    return np.array(states[::-1], np.bool_)
