"""One body's 33 landmarks out of one crop: what the BlazePose network says, and whether to believe it.

Method: Bazarevsky et al. 2020 (arXiv 2006.10204). Known limits: a fully hidden limb is guessed (low
visibility); a bystander inside the crop may be merged into the skeleton.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import LANDMARK_COUNT, TRUNK_AND_LEGS
from ascension.vision.region import Array32, Region, around

PERSON_THRESHOLD: Final = 0.55
"""A body is believed when the heatmaps of its shoulders, hips, knees and ankles peak at this on average.

The network's own "presence" is near 1 on some piles of holds. Measured with the heavy network: climbers 0.65
and more in every frame of three clips, 134 holds taken for people 0.44 at most.
"""

KEEP_THRESHOLD: Final = 0.45
"""A body that is being followed may blur for a moment."""
_MIN_PRESENCE: Final = 0.5

_POINTS: Final = 39
_CENTER, _RIM = 33, 34
_HEATMAP_REACH: Final = 3
"""Cells to each side of a landmark that its heatmap may correct it by (a window of 7)."""
_HEATMAP_MIN: Final = 0.5
_LEAST_MASS: Final = 1e-3
_LOGIT_LIMIT: Final = 80.0

EVIDENCE: Final = ("visibility", "presence", "depth", "peak", "mass")
"""What the network says about each landmark beside its place.

visibility, presence: logits of the network's own; depth: in crop pixels, away from the camera; peak: largest
logit of the heatmap around the landmark; mass: logarithm of the heatmap's sum there
"""


@dataclass(frozen=True)
class Pose:
    """One body in one frame.

    landmarks_px: (33, 2) displayed-frame pixels; visibility: (33,) 0-1, as the network says
    evidence: (33, 5) in the order of EVIDENCE
    confidence: 0-1, compare with PERSON_THRESHOLD; region: the body's own, for looking again
    """

    landmarks_px: NDArray[np.float64]
    visibility: NDArray[np.float64]
    evidence: Array32
    confidence: float
    region: Region


@dataclass(frozen=True)
class Refined:
    """places: (n, 2) crop pixels; peak: (n,) largest logit around each; mass: (n,) the sum there."""

    places: NDArray[np.float64]
    peak: Array32
    mass: Array32


def read_poses(output: dict[str, Array32], regions: list[Region], side_px: int) -> list[Pose]:
    """What the network found in the crops of `regions`, one pose each, however little it is to be believed.

    output: "landmarks" (batch, 195), "presence" (batch, 1), "heatmap" (batch, rows, columns, 39)
    """
    return [
        _read_pose(output["landmarks"][index], float(output["presence"][index, 0]), heatmap, region, side_px)
        for index, (region, heatmap) in enumerate(zip(regions, output["heatmap"], strict=True))
    ]


def _read_pose(raw: Array32, presence: float, heatmap: Array32, region: Region, side_px: int) -> Pose:
    points = raw.reshape(_POINTS, 5)
    refined = refine(points[:, :2].astype(np.float64), heatmap, side_px)
    to_frame = region.to_frame(side_px)
    points_px = refined.places @ to_frame[:, :2].T + to_frame[:, 2]
    evidence = np.column_stack([points[:, [3, 4, 2]], refined.peak, np.log(refined.mass + _LEAST_MASS)])
    # rows first: three times as fast as over all cells at once
    peaks = heatmap.reshape(len(heatmap), -1).max(axis=0).reshape(-1, _POINTS).max(axis=0)[TRUNK_AND_LEGS]
    return Pose(
        landmarks_px=points_px[:LANDMARK_COUNT],
        visibility=sigmoid(points[:LANDMARK_COUNT, 3]).astype(np.float64),
        evidence=evidence[:LANDMARK_COUNT].astype(np.float32),
        confidence=float(sigmoid(peaks).mean()) if presence >= _MIN_PRESENCE else 0.0,
        region=around(points_px[_CENTER], points_px[_RIM]),
    )


def believed(confidence: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(frames,) confidence, 0 where nobody was looked for, to where a body is taken for one.

    A stretch of frames above KEEP_THRESHOLD counts when it reaches PERSON_THRESHOLD somewhere.
    """
    kept = confidence >= KEEP_THRESHOLD
    stretch = np.cumsum(np.diff(kept, prepend=False))
    sure = np.unique(stretch[confidence >= PERSON_THRESHOLD])
    return kept & np.isin(stretch, sure)


def sigmoid(values: Array32) -> Array32:
    """Logits to 0-1, without overflow."""
    return np.float32(1) / (np.float32(1) + np.exp(-np.clip(values, -_LOGIT_LIMIT, _LOGIT_LIMIT)))


def refine(places: NDArray[np.float64], heatmap: Array32, side_px: int) -> Refined:
    """Move each landmark to the center of mass of its heatmap's window, where that window is sure enough.

    places: (n, 2) crop pixels; heatmap: (rows, columns, n) logits over the same crop.
    """
    rows, columns, count = heatmap.shape
    size = np.array([columns, rows])
    cells = np.floor(places / side_px * size).astype(np.int64)
    inside = np.all((cells >= 0) & (cells < size), axis=1)
    reach = np.arange(-_HEATMAP_REACH, _HEATMAP_REACH + 1)
    x, y = cells[:, :1] + reach, cells[:, 1:] + reach
    within = ((y >= 0) & (y < rows))[:, :, None] & ((x >= 0) & (x < columns))[:, None, :]
    window = heatmap[
        np.clip(y, 0, rows - 1)[:, :, None],
        np.clip(x, 0, columns - 1)[:, None, :],
        np.arange(count)[:, None, None],
    ]
    mass = sigmoid(window) * within
    total = mass.sum(axis=(1, 2))
    sure = inside & (mass.max(axis=(1, 2)) >= _HEATMAP_MIN)
    center = np.stack(
        [(mass * x[:, None, :]).sum(axis=(1, 2)), (mass * y[:, :, None]).sum(axis=(1, 2))], axis=1
    )
    moved = places.copy()
    moved[sure] = center[sure] / total[sure, None] / size * side_px
    peak = np.where(within, window, -np.inf).max(axis=(1, 2))
    return Refined(moved, np.maximum(peak, -_LOGIT_LIMIT).astype(np.float32), total.astype(np.float32))
