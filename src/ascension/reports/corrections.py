"""Keypoints that somebody put right in another tool: what they changed."""

from typing import Final

import numpy as np

from ascension.analyses.corrections.keypoints import Correction
from ascension.analyses.result import Result
from ascension.biomechanics.conventions import LANDMARK_NAMES, Landmark
from ascension.errors.reports import (
    KeypointNotPlaceable,
    KeypointsOfOtherClip,
    KeypointsUnreadable,
    WrongUnit,
)
from ascension.reports.told import Told

_SAME_PX: Final = 0.05
"""What files round away."""
_SAME_FRAME: Final = 0.5
_FARTHEST_SIDES: Final = 1.0
"""So far beyond the frame, in its longer side, a limb may hang; farther off it is another unit."""


def corrections_of(told: Told, result: Result) -> tuple[Correction, ...]:
    """What a file says other than the analysis, by frame and landmark.

    Raises KeypointsOfOtherClip where frames have other times, KeypointsUnreadable for one coordinate without
    the other, KeypointNotPlaceable for a frame that shows nobody: one landmark makes no body; WrongUnit for
    places far outside the frame. What the file leaves out stays as it is.
    """
    _check_times(told, result)
    known = np.isfinite(told.landmarks_px)
    if (broken := np.argwhere(known[..., 0] != known[..., 1])).size:
        raise KeypointsUnreadable(f"{_where(broken[0])} has one coordinate without the other.")
    given = known.all(axis=2)
    if (lonely := np.argwhere(given & ~result.person[:, None])).size:
        raise KeypointNotPlaceable(f"{_where(lonely[0])}: the analysis found nobody in that frame.")
    moved = np.linalg.norm(told.landmarks_px - result.landmarks_px, axis=2) > _SAME_PX
    places = np.argwhere(given & moved)
    _check_range(told, result, places)
    return tuple(
        Correction(frame, Landmark(landmark), *told.landmarks_px[frame, landmark].tolist())
        for frame, landmark in places.tolist()
    )


def _check_times(told: Told, result: Result) -> None:
    if told.time_s is None:
        return
    frame_s = 1 / result.facts.video.fps
    apart_s = np.abs(told.time_s - result.time_s())
    if not np.all(apart_s < _SAME_FRAME * frame_s):
        at = int(np.flatnonzero(~(apart_s < _SAME_FRAME * frame_s))[0])
        raise KeypointsOfOtherClip(f"Frame {at} has another time than in the analysis.")


def _check_range(
    told: Told, result: Result, places: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]"
) -> None:
    size = np.array([result.facts.video.width_px, result.facts.video.height_px], np.float64)
    margin = _FARTHEST_SIDES * size.max()
    for frame, landmark in places.tolist():
        place = told.landmarks_px[frame, landmark]
        if np.any(place < -margin) or np.any(place > size + margin):
            raise WrongUnit(f"{_where((frame, landmark))} is far outside the frame: are these its pixels?")


def _where(place: "tuple[int, int] | np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> str:
    frame, landmark = int(place[0]), int(place[1])
    return f"Frame {frame}, {LANDMARK_NAMES[landmark]}"
