"""Smoothing without delay: short gaps filled, single jumps removed, then the rougher the slower it moves."""

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import scipy

from ascension.biomechanics.conventions import VISIBLE
from ascension.biomechanics.poses import BoolArray, FloatArray, PoseSequence

GAP_S: Final = 0.2
"""Longest time between two frames that saw a landmark for which its way between them is filled in."""
MEDIAN_S: Final = 5 / 30
STIFFNESS_S4: Final = 6 / 30**4
"""Of a landmark at rest: of motion at 3 Hz, half remains."""
LOOSE_STIFFNESS_S4: Final = 0.03 / 30**4
FAST_TORSO_PER_S: Final = 1.3
"""At this speed the stiffness is halved; it falls with the third power of the speed."""
_FALL: Final = 3
_NEIGHBORHOOD_S: Final = 0.1
_SHORTEST: Final = 3


@dataclass(frozen=True)
class Smoothed:
    """The smoothed poses, and what of them was filled in between frames: interpolated (frames, 33)."""

    poses: PoseSequence
    interpolated: BoolArray


def describe() -> str:
    """How the places of a result were smoothed, for its header."""
    return (
        f"gaps to {GAP_S} s filled, median over {MEDIAN_S:.2f} s, smoothing spline with stiffness "
        f"{STIFFNESS_S4:.1e} s^4 / (1 + (speed / {FAST_TORSO_PER_S} torso/s)^{_FALL})"
    )


def smooth(poses: PoseSequence) -> Smoothed:
    """Places smoothed, visibility median-filtered; each stretch with a person for itself.

    Method: a median against single jumps, then a smoothing spline on the frames' own times (Whittaker 1923,
    Reinsch 1967; the same as a Kalman smoother for a body pushed by white noise), whose stiffness falls where
    the landmark moves fast. Both are centered, so nothing is delayed. docs/decisions/0009-honest-landmarks.md
    compares it with others. Known limits: a peak of speed shorter than 0.05 s is flattened; the ends of a
    stretch are free; one shorter than three frames is left as it is. Gaps up to GAP_S are filled in a
    straight line first; visibility in a filled gap of the whole body is the lower of both ends.
    """
    bridged, interpolated = _bridge(poses)
    landmarks, visibility = bridged.landmarks_px.copy(), bridged.visibility.copy()
    torso_px = poses.torso_px() if poses.person.any() else 1.0
    for stretch in stretches(bridged.person):
        length = stretch.stop - stretch.start
        if length < _SHORTEST:
            continue
        time_s = poses.time_s[stretch]
        step_s = float(np.median(np.diff(time_s)))
        width = min(odd(MEDIAN_S / step_s), length if length % 2 else length - 1)
        steady = scipy.ndimage.median_filter(landmarks[stretch], size=(width, 1, 1), mode="nearest")
        reach = odd(_NEIGHBORHOOD_S / step_s)
        for landmark in range(landmarks.shape[1]):
            landmarks[stretch, landmark] = _adaptive(steady[:, landmark] / torso_px, time_s, reach) * torso_px
        visibility[stretch] = scipy.ndimage.median_filter(
            visibility[stretch], size=(width, 1), mode="nearest"
        )
    smoothed = PoseSequence(poses.time_s, bridged.person, landmarks, visibility)
    return Smoothed(smoothed, interpolated)


def stretches(there: BoolArray) -> list[slice]:
    """The unbroken runs of True, as slices."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    return [slice(int(start), int(stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def odd(width: float) -> int:
    """The odd number of frames next to `width`, at least 1."""
    return max(2 * round((width - 1) / 2) + 1, 1)


def _bridge(poses: PoseSequence) -> tuple[PoseSequence, BoolArray]:
    """Short gaps filled: of the whole body where nobody was found, of single landmarks that were not seen."""
    landmarks, visibility = poses.landmarks_px.copy(), poses.visibility.copy()
    person = poses.person.copy()
    for gap in _short_gaps(poses.person, poses.time_s):
        person[gap] = True
        landmarks[gap] = _straight(landmarks, poses.time_s, gap)
        visibility[gap] = np.minimum(visibility[gap.start - 1], visibility[gap.stop])
    interpolated = np.repeat((person & ~poses.person)[:, None], landmarks.shape[1], axis=1)
    for landmark in range(landmarks.shape[1]):
        seen = visibility[:, landmark] >= VISIBLE  # False where there is nobody
        for gap in _short_gaps(seen, poses.time_s):
            if person[gap].all():
                landmarks[gap, landmark] = _straight(landmarks[:, landmark], poses.time_s, gap)
                interpolated[gap, landmark] = True
    return PoseSequence(poses.time_s, person, landmarks, visibility), interpolated


def _short_gaps(there: BoolArray, time_s: FloatArray) -> list[slice]:
    """Runs of False between two True that are at most GAP_S apart."""
    inner = [gap for gap in stretches(~there) if gap.start > 0 and gap.stop < len(there)]
    return [gap for gap in inner if time_s[gap.stop] - time_s[gap.start - 1] <= GAP_S]


def _straight(values: FloatArray, time_s: FloatArray, gap: slice) -> FloatArray:
    """(gap, ...) values on the straight line from the frame before the gap to the one after it."""
    before, after = gap.start - 1, gap.stop
    share = (time_s[gap] - time_s[before]) / (time_s[after] - time_s[before])
    share = share.reshape(-1, *[1] * (values.ndim - 1))
    return (1 - share) * values[before] + share * values[after]


def _adaptive(places: FloatArray, time_s: FloatArray, reach: int) -> FloatArray:
    """(frames, 2) places in torso lengths, smoothed less where they move fast within `reach` frames."""
    calm = _spline(places, time_s, np.full(len(time_s), STIFFNESS_S4))
    speed = np.linalg.norm(np.gradient(calm, time_s, axis=0), axis=1)
    fastest = cast("FloatArray", scipy.ndimage.maximum_filter1d(speed, reach))
    stiffness = STIFFNESS_S4 / (1 + (fastest / FAST_TORSO_PER_S) ** _FALL)
    return _spline(places, time_s, np.maximum(stiffness, LOOSE_STIFFNESS_S4))


def _spline(places: FloatArray, time_s: FloatArray, stiffness_s4: FloatArray) -> FloatArray:
    """Least sum of squared distances and of stiffness times squared acceleration, both over time."""
    before, after = np.diff(time_s)[:-1], np.diff(time_s)[1:]
    bend = 2 * np.stack([1 / before, -(1 / before + 1 / after), 1 / after]) / (before + after)
    weight = stiffness_s4[1:-1] * (before + after) / 2
    frames = len(time_s)
    bands = np.zeros((3, frames))
    for first in range(3):
        for second in range(first, 3):
            apart = second - first
            bands[2 - apart, second : frames - 2 + second] += weight * bend[first] * bend[second]
    lasts = np.gradient(time_s)
    bands[2] += lasts
    return cast("FloatArray", scipy.linalg.solveh_banded(bands, lasts[:, None] * places))
