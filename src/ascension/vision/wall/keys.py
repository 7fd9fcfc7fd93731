"""Key views: a few looks at the wall that are kept, to follow their points and to recognize them."""

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ascension.vision.wall.fit import BoolArray, FloatArray, Motion, fit_motion, moved
from ascension.vision.wall.view import Geometry, Look, Picture

NEAR: Final = 1
FAR: Final = 3
"""Pyramid levels to follow points over: with few a good guess is kept, with many a poor one is mended."""

_POINTS: Final = 110
_CANDIDATES: Final = 500
_CELLS: Final = (8, 8)
_CELL_POINTS: Final = 6
_POINT_DISTANCE_PX: Final = 8
_POINT_QUALITY: Final = 0.004
_FEATURES: Final = 500
_WINDOW_PX: Final = (9, 9)
_BORDER_PX: Final = 6
_STOP: Final = (cv2.TERM_CRITERIA_COUNT + cv2.TERM_CRITERIA_EPS, 10, 0.02)
_SAME_LIGHT: Final = 0.04
_SHARE_FOLLOWED: Final = 0.4
_FEWEST_FOLLOWED: Final = 6
_FEWEST_RECOGNIZED: Final = 20
_SHARE_RECOGNIZED: Final = 0.08
"""Of matches by looks alone; what is recognized must then be followed like any other view."""


@dataclass
class Features:
    """What a view looks like at (points, 2) places in view units, to be recognized from afar."""

    places: FloatArray
    descriptors: NDArray[np.uint8]


@dataclass
class KeyView:
    """One kept look: (points, 2) to follow in view units, features to be recognized by."""

    number: int
    look: Look
    points: FloatArray
    features: Features


def find_points(look: Look, geometry: Geometry) -> FloatArray:
    """Corners to follow, spread over the picture: at most 6 in each of 8 x 8 cells, 110 in all."""
    found = cast(
        "NDArray[np.float32] | None",
        cv2.goodFeaturesToTrack(
            look.picture, _CANDIDATES, _POINT_QUALITY, _POINT_DISTANCE_PX, mask=look.area
        ),
    )
    if found is None:
        return np.zeros((0, 2))
    places = found.reshape(-1, 2).astype(np.float64)
    height, width = look.picture.shape
    cells = (places * _CELLS / (width, height)).astype(np.int64)
    cell = cells[:, 0] * _CELLS[1] + cells[:, 1]
    order = np.argsort(cell, kind="stable")
    starts = np.searchsorted(cell[order], cell[order])
    rank = np.empty(len(places), np.int64)
    rank[order] = np.arange(len(places)) - starts
    chosen = places[rank < _CELL_POINTS]
    chosen_rank = rank[rank < _CELL_POINTS]
    return geometry.to_view(chosen[np.argsort(chosen_rank, kind="stable")[:_POINTS]])


class Recognizer:
    """Finds a view again without any guess where it is."""

    def __init__(self) -> None:
        self._detector = cv2.ORB.create(_FEATURES, fastThreshold=8)
        self._matcher = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True)

    def describe(self, look: Look, geometry: Geometry) -> Features:
        """The features of what is open to view."""
        keypoints, found = self._detector.detectAndCompute(look.picture, look.area)
        descriptors = cast("NDArray[np.uint8] | None", found)
        if descriptors is None or not keypoints:
            return Features(np.zeros((0, 2)), np.zeros((0, 32), np.uint8))
        return Features(geometry.to_view(np.array([point.pt for point in keypoints])), descriptors)

    def recognize(self, key: Features, seen: Features, geometry: Geometry) -> FloatArray | None:
        """The motion from the key view to what is seen, or None."""
        if min(len(key.places), len(seen.places)) < _FEWEST_RECOGNIZED:
            return None
        matches = self._matcher.match(key.descriptors, seen.descriptors)
        source = key.places[[match.queryIdx for match in matches]]
        target = seen.places[[match.trainIdx for match in matches]]
        motion = fit_motion(source, target, geometry.corners, _SHARE_RECOGNIZED)
        if motion is None or np.count_nonzero(motion.agreeing) < _FEWEST_RECOGNIZED:
            return None
        return motion.matrix


@dataclass(frozen=True)
class Followed:
    """A key view found in another picture: the motion, and the (points, 2) pairs that agree with it.

    share: how many of the points that could be seen do.
    """

    motion: Motion
    source: FloatArray
    target: FloatArray
    share: float


def follow(key: KeyView, look: Look, guess: FloatArray, geometry: Geometry, levels: int) -> Followed | None:
    """Where the key view's points are in `look`, starting at the motion `guess`; None when too few agree.

    Pyramidal Lucas-Kanade (Bouguet 2001). Points behind people are left out.
    """
    expected = geometry.to_work_px(moved(guess, key.points))
    open_points = _is_open(expected, look.area)
    count = np.count_nonzero(open_points)
    if count < _FEWEST_FOLLOWED:
        return None
    source = key.points[open_points]
    followed, status, _ = cv2.calcOpticalFlowPyrLK(
        key.look.picture,
        _same_light(look, key.look),
        geometry.to_work_px(source).astype(np.float32),
        expected[open_points].astype(np.float32),
        winSize=_WINDOW_PX,
        maxLevel=levels,
        criteria=_STOP,
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    places = followed.astype(np.float64)
    found = (status.ravel() == 1) & _is_open(places, look.area)
    source, target = source[found], geometry.to_view(places[found])
    motion = fit_motion(source, target, geometry.corners)
    if motion is None or np.count_nonzero(motion.agreeing) < _SHARE_FOLLOWED * count:
        return None
    agreeing = motion.agreeing
    return Followed(motion, source[agreeing], target[agreeing], np.count_nonzero(agreeing) / count)


def _is_open(work_px: FloatArray, area: Picture) -> BoolArray:
    height, width = area.shape
    inside = np.all(
        (work_px >= _BORDER_PX) & (work_px < np.array([width, height]) - _BORDER_PX), axis=1
    )  # also False for NaN
    column, row = np.where(inside[:, None], work_px, 0.0).astype(np.int64).T
    return inside & (area[row, column] > 0)


def _same_light(look: Look, like: Look) -> Picture:
    """The phone's exposure changes; followed points must not take that for motion."""
    gain = like.light / max(look.light, 1.0)
    if abs(gain - 1) < _SAME_LIGHT:
        return look.picture
    return cast("Picture", cv2.convertScaleAbs(look.picture, alpha=gain))
