"""What a file holds but a pass over it could not show: arithmetic on the timestamps of its packets."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

_GAP: Final = 1.5
"""A missing frame leaves a step of more than this many usual ones; VP8 also stores pictures never shown."""


@dataclass(frozen=True)
class Span:
    """`frames` frames from `start_s` to `end_s`, seconds since the container's start, both included."""

    start_s: float
    end_s: float
    frames: int


@dataclass(frozen=True)
class Losses:
    """What one whole pass left out or doubts.

    missing: frames that the file holds and that were not decoded
    damaged: frames decoded out of damaged data or upon a missing one, until the next key frame: smeared
    end_s: seconds at the end that the file declares and does not hold
    unordered: frames left out because their time repeats or goes back
    interlaced: frames of which only every second line was used
    resized: frames stored at another size than the first one
    """

    missing: tuple[Span, ...] = ()
    damaged: tuple[Span, ...] = ()
    end_s: float = 0.0
    unordered: int = 0
    interlaced: int = 0
    resized: int = 0


def missing_ticks(stored: Sequence[int], decoded: Sequence[int]) -> IntArray:
    """Timestamps of packets that gave no frame, in order, where the frames around show a gap."""
    shown = np.unique(np.asarray(decoded, np.int64))
    lost = np.setdiff1d(np.asarray(stored, np.int64), shown)
    if len(shown) < 2 or len(lost) == 0:
        return lost
    after = np.searchsorted(shown, lost)
    outside = (after == 0) | (after == len(shown))
    step = shown[np.clip(after, 1, len(shown) - 1)] - shown[np.clip(after - 1, 0, len(shown) - 2)]
    return lost[outside | (step > _GAP * np.median(np.diff(shown)))]


def damaged_ticks(lost: IntArray, decoded: Sequence[int], key_frames: Sequence[int] | IntArray) -> IntArray:
    """Timestamps of frames from a lost or doubtful one on and before the next key frame that was decoded."""
    shown = np.unique(np.asarray(decoded, np.int64))
    keys = np.intersect1d(np.asarray(key_frames, np.int64), shown)
    return shown[_latest_before(shown, lost) > _latest_before(shown, keys)]


def _latest_before(moments: IntArray, marks: IntArray) -> IntArray:
    """For each moment the last of `marks` (sorted) at or before it; the smallest number if none is."""
    never = np.iinfo(np.int64).min
    return np.concatenate([[never], marks])[np.searchsorted(marks, moments, side="right")]


def spans_of(ticks: IntArray, all_ticks: IntArray, time_base: Fraction) -> tuple[Span, ...]:
    """Runs of `ticks` that follow each other within `all_ticks` (sorted, a superset)."""
    if len(ticks) == 0:
        return ()
    place = np.searchsorted(all_ticks, ticks)
    runs = np.split(ticks, np.flatnonzero(np.diff(place) > 1) + 1)
    unit_s = float(time_base)
    return tuple(Span(float(run[0] * unit_s), float(run[-1] * unit_s), len(run)) for run in runs)
