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
_FEWEST_FRAMES: Final = 2
_APART_TORSO: Final = 0.3
_DOUBT: Final = 0.2
_TURNED_TORSO: Final = 0.35
_GRIPS_TORSO: Final = -0.3


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
    """poses: with every exchange undone; exchanged: (frames, 3) where trunk, arms, legs were put back."""

    poses: PoseSequence
    exchanged: BoolArray


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
    if len(frames) < _FEWEST_FRAMES:
        return Repaired(poses, exchanged)
    steps_s = np.minimum(np.diff(poses.time_s[frames]), _FORGOTTEN_S)
    whole = np.array([landmark for shown in _LANDMARKS_THAT_SHOW for landmark in shown])
    front, back = _seen_from_front(poses, frames), _seen_from_front(_exchange(poses, True), frames)
    wrong = np.stack([front, np.maximum(back, _DOUBT)])
    exchanged[frames] = _cheapest(*_motions(poses, frames, whole), wrong[:, 1:] * steps_s)[:, None]
    bodies = _exchange(poses, exchanged)
    for number, shown in enumerate(_LANDMARKS_THAT_SHOW):
        telling = _telling(bodies, frames, np.array(shown))
        if len(telling) < _FEWEST_FRAMES:
            continue
        steps_s = np.minimum(np.diff(poses.time_s[telling]), _FORGOTTEN_S)
        wrong = np.stack([np.zeros(len(steps_s)), steps_s])
        exchanged[telling, number] ^= _cheapest(*_motions(bodies, telling, np.array(shown)), wrong)
    return Repaired(_exchange(poses, exchanged), exchanged)


def _exchange(poses: PoseSequence, exchanged: BoolArray | bool) -> PoseSequence:
    """The poses with the sides of these groups (frames, 3) exchanged."""
    order = np.tile(np.arange(LANDMARK_COUNT), (poses.frame_count, 1))
    flags = np.broadcast_to(exchanged, (poses.frame_count, len(GROUPS)))
    for number, group in enumerate(GROUPS):
        rows, columns = np.flatnonzero(flags[:, number]), np.array(group)
        order[rows[:, None], columns] = MIRROR[columns]
    return PoseSequence(
        poses.time_s,
        poses.person,
        np.take_along_axis(poses.landmarks_px, order[:, :, None], axis=1),
        np.take_along_axis(poses.visibility, order, axis=1),
    )


def _telling(poses: PoseSequence, frames: IntArray, shown: IntArray) -> IntArray:
    """Those of the frames in which left and right lie apart, so that they can tell which is which.

    On its way from one to the other the network puts both in one place for a frame: it must not stand
    between a right frame and an exchanged one.
    """
    places = poses.landmarks_px[frames]
    apart = np.linalg.norm(places[:, shown] - places[:, MIRROR[shown]], axis=2).mean(axis=1)
    return frames[apart >= _APART_TORSO * poses.torso_px()]


def _seen_from_front(poses: PoseSequence, frames: IntArray) -> FloatArray:
    """(frames,) how doubtful the labels are, 0-1: those of somebody who grips and yet shows the chest.

    1 where the right shoulder is left of the left one while a hand is near the shoulder or above, else 0:
    who stands or walks may well face the camera.
    """
    places = poses.landmarks_px[frames]
    shoulders = places[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]]
    up = shoulders.mean(axis=1) - places[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
    up /= np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1.0)
    rightwards = np.stack([-up[:, 1], up[:, 0]], axis=1)
    width = np.sum((shoulders[:, 1] - shoulders[:, 0]) * rightwards, axis=1) / poses.torso_px()
    wrists = places[:, [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]]
    raised = np.einsum("fsx,fx->fs", wrists - shoulders.mean(axis=1, keepdims=True), up).max(axis=1)
    grips = raised / poses.torso_px() > _GRIPS_TORSO
    return np.asarray(grips & (width < -_TURNED_TORSO), np.float64)


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


def _cheapest(kept: FloatArray, crossed: FloatArray, wrong_s: FloatArray) -> BoolArray:
    """(frames,) True where the cheapest path is in the exchanged state.

    kept, crossed: (frames - 1,) cost of a step; wrong_s: (2, frames - 1) doubtful seconds in each state
    """
    stay, leave = kept, crossed + EXCHANGE_COST_TORSO
    doubt = EXCHANGED_COST_PER_S * wrong_s
    total = (0.0, 0.0)
    came_from_other: list[tuple[bool, bool]] = []
    for staying, leaving, (as_labeled, as_exchanged) in zip(
        stay.tolist(), leave.tolist(), doubt.T.tolist(), strict=True
    ):
        right, wrong = total
        came_from_other.append((wrong + leaving < right + staying, right + leaving < wrong + staying))
        total = (
            min(right + staying, wrong + leaving) + as_labeled,
            min(wrong + staying, right + leaving) + as_exchanged,
        )
    state = total[1] < total[0]
    states = [state]
    for switched in reversed(came_from_other):
        state = state != switched[state]
        states.append(state)
    return np.array(states[::-1], np.bool_)
