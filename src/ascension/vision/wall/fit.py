"""How one picture of a plane maps onto another, from matched points of which some are wrong.

Points are in *view units*: origin at the middle of the picture, one unit = half of its longer side. A motion
is a (3, 3) matrix on homogeneous view coordinates, last element 1.
"""

from dataclasses import dataclass
from typing import Final, Literal, cast

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
MotionKind = Literal["homography", "similarity", "none"]

_OUTLIER: Final = 0.005
"""Farther than this from where the motion puts it, a point is no part of the wall: 3.2 px of 1280."""
_NOISE_FLOOR: Final = 0.0002
"""No match is better than this: 0.13 px of 1280. Keeps a handful of lucky points from claiming more."""
_HOMOGRAPHY_ERROR: Final = 0.0032
_SIMILARITY_ERROR: Final = 0.0064
"""The largest standard error at the picture's corners with which a motion is believed: 2 and 4 px of 1280."""
_FEWEST_FOR_HOMOGRAPHY: Final = 12
_FEWEST_FOR_SIMILARITY: Final = 6
_ROUNDS: Final = 2
_MOST_ZOOM: Final = 4.0
_MOST_SLANT: Final = 2.5


@dataclass(frozen=True)
class Motion:
    """target = matrix x source.

    agreeing: (points,) True for the points that it was computed from; residual: their median distance;
    corner_error: the largest standard error that it has at a corner of the picture. Both in view units.
    """

    matrix: FloatArray
    kind: MotionKind
    agreeing: BoolArray
    residual: float
    corner_error: float


_Found = tuple[NDArray[np.float64] | None, NDArray[np.uint8] | None]
"""What OpenCV gives, which its types do not say: a matrix and the points that agree, or None."""


def fit_motion(
    source: FloatArray, target: FloatArray, corners: FloatArray, least_share: float = 0.3
) -> Motion | None:
    """The best motion that the points support: a homography, else a similarity, else None.

    source, target: (points, 2); corners: (4, 2) of the source picture. Consensus by OpenCV's USAC, then least
    squares with Tukey's weights. A homography is believed when at least 12 points agree and its standard
    error at the corners is small: few points, or points all in one place, do not hold the far corner. Known
    limit: the largest group of points that move alike is taken for the wall, whatever it is.
    """
    if len(source) >= _FEWEST_FOR_HOMOGRAPHY:
        start, mask = cast(
            "_Found", cv2.findHomography(source, target, cv2.USAC_FAST, _OUTLIER, maxIters=500)
        )
        found = _believed(start, mask, source, target, corners, "homography")
        if found is not None and found.agreeing.mean() >= least_share:
            return found
    if len(source) >= _FEWEST_FOR_SIMILARITY:
        part, mask = cast(
            "_Found", cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=_OUTLIER)
        )
        start = None if part is None else np.vstack([part, [0.0, 0.0, 1.0]])
        found = _believed(start, mask, source, target, corners, "similarity")
        if found is not None and found.agreeing.mean() >= least_share:
            return found
    return None


def moved(matrix: FloatArray, points: FloatArray) -> FloatArray:
    """(points, 2) -> where `matrix` puts them."""
    raised = points @ matrix[:, :2].T + matrix[:, 2]
    return raised[:, :2] / raised[:, 2:]


def inverse(matrix: FloatArray) -> FloatArray:
    """The way back, scaled so that its last element is 1."""
    back = np.linalg.inv(matrix).astype(np.float64)
    return back / back[2, 2]


def slopes(matrix: FloatArray, points: FloatArray) -> FloatArray:
    """(points, 2, 8): how `moved` answers to the first eight elements of d in matrix x (1 + d)."""
    raised = points @ matrix[:, :2].T + matrix[:, 2]
    depth = raised[:, 2, None, None]
    place = (raised[:, :2] / raised[:, 2:])[:, :, None]
    per_row = (matrix[None, :2, :] - place * matrix[None, 2:, :]) / depth
    homogeneous = np.column_stack([points, np.ones(len(points))])
    return (per_row[:, :, :, None] * homogeneous[:, None, None, :]).reshape(len(points), 2, 9)[:, :, :8]


def stepped(matrix: FloatArray, step: FloatArray) -> FloatArray:
    """The matrix x (1 + d), scaled so that its last element is 1; `step`: the first eight elements of d."""
    change = np.eye(3) + np.append(step, 0.0).reshape(3, 3)
    result = matrix @ change
    return result / result[2, 2]


def tukey_weights(distances: FloatArray, limit: float) -> FloatArray:
    """1 for a perfect match, falling smoothly to 0 at `limit`."""
    return np.square(np.maximum(0.0, 1.0 - np.square(distances / limit)))


_SIMILARITY_STEPS: Final = np.array(
    [[1, 0, 0, 0, 1, 0, 0, 0], [0, -1, 0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0]],
    np.float64,
).T
"""(8, 4): zoom, turn and two shifts as steps of the matrix: what a similarity may change."""


def _believed(
    start: NDArray[np.float64] | None,
    mask: NDArray[np.uint8] | None,
    source: FloatArray,
    target: FloatArray,
    corners: FloatArray,
    kind: Literal["homography", "similarity"],
) -> Motion | None:
    homography = kind == "homography"
    fewest = _FEWEST_FOR_HOMOGRAPHY if homography else _FEWEST_FOR_SIMILARITY
    if start is None or mask is None or not np.all(np.isfinite(start)) or np.count_nonzero(mask) < fewest:
        return None
    motion = _refined(start, source, target, corners, kind)
    if np.count_nonzero(motion.agreeing) < fewest or not _plausible(motion.matrix, corners):
        return None
    return motion if motion.corner_error <= (_HOMOGRAPHY_ERROR if homography else _SIMILARITY_ERROR) else None


def _refined(
    start: FloatArray,
    source: FloatArray,
    target: FloatArray,
    corners: FloatArray,
    kind: Literal["homography", "similarity"],
) -> Motion:
    basis = np.eye(8) if kind == "homography" else _SIMILARITY_STEPS
    matrix = start / start[2, 2]
    information = np.eye(basis.shape[1])
    for _ in range(_ROUNDS):
        miss = target - moved(matrix, source)
        weights = tukey_weights(np.linalg.norm(miss, axis=1), _OUTLIER)
        jacobian = slopes(matrix, source) @ basis
        weighted = jacobian * weights[:, None, None]
        flat = weighted.reshape(-1, basis.shape[1]).T
        information = flat @ jacobian.reshape(-1, basis.shape[1]) + 1e-9 * np.eye(basis.shape[1])
        matrix = stepped(matrix, basis @ np.linalg.solve(information, flat @ miss.ravel()))
    distances = np.linalg.norm(target - moved(matrix, source), axis=1)
    agreeing = distances < _OUTLIER
    residual = float(np.median(distances[agreeing])) if agreeing.any() else np.inf
    noise = max(residual, _NOISE_FLOOR)
    at_corners = slopes(matrix, corners) @ basis
    spread = np.einsum("nik,kl,nil->n", at_corners, np.linalg.inv(information), at_corners)
    return Motion(matrix, kind, agreeing, residual, float(noise * np.sqrt(max(spread.max(), 0.0))))


def _plausible(matrix: FloatArray, corners: FloatArray) -> bool:
    """No camera turns the picture inside out, or zooms or slants it without limit between two looks."""
    depth = corners @ matrix[2, :2] + 1.0
    if depth.min() <= 0 or depth.max() / depth.min() > _MOST_SLANT:
        return False
    zoom = float(np.sqrt(max(np.linalg.det(matrix[:2, :2]), 0.0)))
    return 1 / _MOST_ZOOM < zoom < _MOST_ZOOM
