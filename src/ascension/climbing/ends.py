"""Where the two hands and the two feet are, how fast they move and whether they are seen."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import VISIBLE
from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.climbing.limbs import END_LANDMARKS, LIMBS
from ascension.climbing.motion import Motion
from ascension.climbing.series import bridged, lengths, middle, velocities

SPEED_OVER_S: Final = 0.07
"""Half of the time over which a speed is measured."""
_LEAST_WEIGHT: Final = 0.05
_FIRST_COUNTS: Final = 2.0
"""Wrist and ankle are found more steadily than knuckles, heel and toe."""
_BRIDGED_S: Final = 1.0
"""Across a longer gap in the places nothing is said."""


@dataclass(frozen=True)
class Ends:
    """The four ends through a motion, in the order of `limbs.LIMBS`.

    time_s:              (frames,)
    places:              (frames, 4, 2) in the motion's unit; NaN where the body has no place for over 1 s
    speeds_torso_per_s:  (frames, 4); NaN likewise
    visibility:          (frames, 4) of the landmark that is seen best; 0 where the body has no place
    clarity:             (frames, 4) mean visibility of the end's landmarks, likewise
    """

    time_s: FloatArray
    places: FloatArray
    speeds_torso_per_s: FloatArray
    visibility: FloatArray
    clarity: FloatArray

    @property
    def seen(self) -> BoolArray:
        """(frames, 4)"""
        return self.visibility >= VISIBLE


def ends_of(motion: Motion) -> Ends:
    """The ends of a motion.

    A place is the mean of the end's landmarks, weighted by how well they are seen; each stands in for the
    whole by its median distance from the mean, so that fingers that come and go do not move the hand. Gaps of
    at most 1 s are bridged on a straight line and are not seen. Known limit: a hidden place is a guess.
    """
    frames = motion.frame_count
    places = np.full((frames, 4, 2), np.nan)
    visibility, clarity = np.zeros((frames, 4)), np.zeros((frames, 4))
    known = motion.known
    for number, limb in enumerate(LIMBS):
        landmarks = END_LANDMARKS[limb]
        seen = np.where(known[:, None], motion.poses.visibility[:, landmarks], 0.0)
        visibility[:, number], clarity[:, number] = seen.max(axis=1), seen.mean(axis=1)
        if known.any():
            places[known, number] = _whole(motion.landmarks[known][:, landmarks], seen[known])
    flat = bridged(places.reshape(frames, 8), motion.time_s, _BRIDGED_S)
    velocity = velocities(flat / motion.torso, motion.time_s, SPEED_OVER_S)
    speeds = np.stack([lengths(velocity[:, column : column + 2]) for column in (0, 2, 4, 6)], axis=1)
    return Ends(motion.time_s, flat.reshape(frames, 4, 2), speeds, visibility, clarity)


def _whole(places: FloatArray, visibility: FloatArray) -> FloatArray:
    """(n, 2) of an end from its landmarks (n, k, 2) and their visibility (n, k)."""
    mean: FloatArray = places.mean(axis=1)
    offset = np.stack([middle(mean - places[:, number]) for number in range(places.shape[1])])
    weight = np.maximum(visibility, _LEAST_WEIGHT) ** 2
    weight[:, 0] *= _FIRST_COUNTS
    weight /= weight.sum(axis=1)[:, None]
    whole: FloatArray = np.einsum("nkd,nk->nd", places + offset, weight)
    return whole
