"""Frames between two measured ones: while the camera moves smoothly, every second frame is interpolated.

A hand moves a camera at up to 8 Hz, but by more than a pixel only below 4 Hz; where it moves faster, the path
of the picture's corners bends so much from one measured frame to the next that every frame is measured.
"""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from ascension.vision.wall.fit import FloatArray, moved

_MOST_BEND: Final = 0.014
"""View units by which a corner may leave its straight path over two frames: 9 px of 1280. What interpolation
then misses is a thirtieth at 3 Hz and a tenth at 5 Hz."""
_REACH: Final = 3
"""Frames to either side whose places an interpolated one is made from."""


def is_smooth(places: Sequence[FloatArray], corners: FloatArray) -> bool:
    """Whether three places (3, 3), equally far apart in time, lie on a path that is nearly straight.

    corners: (4, 2) of the picture; all in view units.
    """
    first, second, third = (moved(place, corners) for place in places)
    return float(np.linalg.norm(first - 2 * second + third, axis=1).max()) <= _MOST_BEND


def interpolated(matrices: FloatArray, number: int, corners: FloatArray) -> FloatArray | None:
    """The place of frame `number` from those of its neighbors, None where one beside it has none.

    matrices: (frames, 3, 3), NaN where unknown. Each corner follows the cubic through up to four neighbors.
    """
    near = range(max(0, number - _REACH), min(len(matrices), number + _REACH + 1))
    known = [other for other in near if np.isfinite(matrices[other]).all()]
    if number - 1 not in known or number + 1 not in known:
        return None
    before, after = [n for n in known if n < number][-2:], [n for n in known if n > number][:2]
    nodes = np.array(before + after, np.float64)
    paths = np.stack([moved(matrices[node], corners) for node in before + after])
    place = np.tensordot(_shares(nodes, number), paths, axes=1)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), place.astype(np.float32))
    return np.asarray(matrix, np.float64)


def _shares(nodes: FloatArray, at: float) -> FloatArray:
    """(nodes,) by which values at `nodes` are weighted to give the polynomial through them at `at`."""
    others = ~np.eye(len(nodes), dtype=np.bool_)
    apart = np.where(others, nodes[:, None] - nodes, 1.0)
    return np.prod(np.where(others, (at - nodes) / apart, 1.0), axis=1)
