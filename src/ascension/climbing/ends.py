"""Where the two hands and the two feet are, how fast they move and whether they are seen."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ascension.biomechanics.conventions import VISIBLE
from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.climbing.limbs import END_LANDMARKS, LIMBS
from ascension.climbing.motion import Motion

SPEED_OVER_S: Final = 0.05
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
    """

    time_s: FloatArray
    places: FloatArray
    speeds_torso_per_s: FloatArray
    visibility: FloatArray

    @property
    def seen(self) -> BoolArray:
        """(frames, 4)"""
        return self.visibility >= VISIBLE


def ends_of(motion: Motion) -> Ends:
    """The ends of a motion.

    A place is the mean of the end's landmarks, weighted by how well they are seen; each stands in for the
    whole by its median distance from the mean, so that fingers that come and go do not move the hand. Gaps of
    at most 1 s are bridged on a straight line and are not seen. Known limit: what is hidden is the network's guess.
    """
    frames = motion.frame_count
    places, visibility = np.full((frames, 4, 2), np.nan), np.zeros((frames, 4))
    known = motion.known
    for number, limb in enumerate(LIMBS):
        landmarks = END_LANDMARKS[limb]
        seen = np.where(known[:, None], motion.poses.visibility[:, landmarks], 0.0)
        visibility[:, number] = seen.max(axis=1)
        if known.any():
            places[known, number] = _whole(motion.landmarks[known][:, landmarks], seen[known])
    flat = bridged(places.reshape(frames, 8), motion.time_s, _BRIDGED_S)
    velocity = velocities(flat / motion.torso, motion.time_s, SPEED_OVER_S).reshape(frames, 4, 2)
    return Ends(motion.time_s, flat.reshape(frames, 4, 2), np.linalg.norm(velocity, axis=2), visibility)


def _whole(places: FloatArray, visibility: FloatArray) -> FloatArray:
    """(n, 2) of an end from its landmarks (n, k, 2) and their visibility (n, k)."""
    offset: FloatArray = np.median(places.mean(axis=1, keepdims=True) - places, axis=0)
    weight = np.maximum(visibility, _LEAST_WEIGHT) ** 2
    weight[:, 0] *= _FIRST_COUNTS
    return ((places + offset) * weight[..., None]).sum(axis=1) / weight.sum(axis=1)[:, None]


def bridged(values: FloatArray, time_s: FloatArray, longest_s: float) -> FloatArray:
    """(n, k) with gaps of at most `longest_s` between known rows filled on a straight line."""
    known = np.flatnonzero(np.isfinite(values).all(axis=1))
    if len(known) < 2:
        return values
    filled = np.column_stack([np.interp(time_s, time_s[known], column[known]) for column in values.T])
    after = np.clip(np.searchsorted(known, np.arange(len(values))), 0, len(known) - 1)
    before = np.clip(np.searchsorted(known, np.arange(len(values)), side="right") - 1, 0, len(known) - 1)
    gap_s = time_s[known[after]] - time_s[known[before]]
    inside = (np.arange(len(values)) >= known[0]) & (np.arange(len(values)) <= known[-1])
    result: FloatArray = np.where((inside & (gap_s <= longest_s + 1e-9))[:, None], filled, np.nan)
    return result


def velocities(values: FloatArray, time_s: FloatArray, over_s: float) -> FloatArray:
    """(n, k) change of each column per second, taken from `over_s` before to `over_s` after each frame.

    At the ends of the known stretches the time is shorter. NaN where a value is, and where nothing around it
    is known.
    """
    result = np.full_like(values, np.nan)
    for start, end in runs(np.isfinite(values).all(axis=1)):
        if end - start < 2:
            continue
        times = time_s[start:end]
        early, late = np.clip(times - over_s, times[0], None), np.clip(times + over_s, None, times[-1])
        for column in range(values.shape[1]):
            known = values[start:end, column]
            change = np.interp(late, times, known) - np.interp(early, times, known)
            result[start:end, column] = change / (late - early)
    return result


def runs(flags: BoolArray) -> list[tuple[int, int]]:
    """The half-open intervals in which `flags` (n,) are True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]
