"""One climber's 33 landmarks, frame after frame: BlazePose, with the region tracked from frame to frame.

Method: Bazarevsky et al. 2020 (arXiv 2006.10204); the detector looks at the whole frame only to find the
body, then each frame's landmarks give the next frame's region. Known limits: one person; a fully hidden limb
is guessed (low visibility); a bystander who crosses the climber may be merged into the skeleton for a while.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import LANDMARK_COUNT, Landmark
from ascension.vision import weights
from ascension.vision.detector import Person, detect, sigmoid
from ascension.vision.region import Picture, Region, around
from ascension.vision.runtime import Array32, load
from ascension.vision.weights import ModelName

PERSON_THRESHOLD: Final = 0.55
"""A body is believed when the heatmaps of its shoulders, hips, knees and ankles peak at this on average.

The network's own "presence" is near 1 on some piles of holds. Measured with the heavy network: climbers 0.65
and more in every frame of three clips, 134 holds taken for people 0.44 at most.
"""

_KEEP_THRESHOLD: Final = 0.45
"""A body that is being followed may blur for a moment."""
_MIN_PRESENCE: Final = 0.5

_POINTS: Final = 39
_CENTER, _RIM = 33, 34
_SHAPE: Final = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
    Landmark.LEFT_KNEE,
    Landmark.RIGHT_KNEE,
    Landmark.LEFT_ANKLE,
    Landmark.RIGHT_ANKLE,
)
_HEATMAP_REACH: Final = 3
"""Cells to each side of a landmark that its heatmap may correct it by (a window of 7)."""
_HEATMAP_MIN: Final = 0.5


@dataclass(frozen=True)
class Pose:
    """One body in one frame: (33, 2) displayed-frame pixels, (33,) visibility 0-1."""

    landmarks_px: NDArray[np.float64]
    visibility: NDArray[np.float64]


class PoseTracker:
    """Follows one climber. Give it every frame in order; it keeps only the region between calls."""

    def __init__(self, model: ModelName, threads: int) -> None:
        self._detector = load(weights.DETECTOR, threads)
        self._network = load(weights.POSE[model], threads)
        self._region: Region | None = None
        self._last_seen: Region | None = None

    def track(self, frame: Picture) -> Pose | None:
        """The climber's pose in `frame` (height, width, 3; RGB), or None where no body is seen."""
        if self._region is not None:
            pose = self._look(frame, self._region, _KEEP_THRESHOLD)
            if pose is not None:
                return pose
        region = self._find(frame)
        return None if region is None else self._look(frame, region, PERSON_THRESHOLD)

    def _find(self, frame: Picture) -> Region | None:
        people = detect(self._detector, frame)
        if not people:
            return None
        return max(people, key=self._preference).region

    def _preference(self, person: Person) -> float:
        """The climber is the largest clear body; after a gap, one near where the climber was last."""
        preference = person.score * person.region.side_px
        if self._last_seen is not None:
            distance = math.hypot(
                person.region.center_x_px - self._last_seen.center_x_px,
                person.region.center_y_px - self._last_seen.center_y_px,
            )
            preference /= 1 + distance / self._last_seen.side_px
        return preference

    def _look(self, frame: Picture, region: Region, threshold: float) -> Pose | None:
        side = self._network.side_px
        picture = region.crop(frame, side).astype(np.float32) / np.float32(255)
        output = self._network.run(picture[None])
        heatmap = output["heatmap"][0]
        sureness = float(sigmoid(heatmap[:, :, _SHAPE].max(axis=(0, 1))).mean())
        if float(output["presence"][0, 0]) < _MIN_PRESENCE or sureness < threshold:
            self._region = None
            return None
        raw = output["landmarks"][0].reshape(_POINTS, 5)
        places = refine(raw[:, :2].astype(np.float64), heatmap, side)
        to_frame = region.to_frame(side)
        points_px = places @ to_frame[:, :2].T + to_frame[:, 2]
        self._region = self._last_seen = around(points_px[_CENTER], points_px[_RIM])
        visibility = sigmoid(raw[:LANDMARK_COUNT, 3]).astype(np.float64)
        return Pose(landmarks_px=points_px[:LANDMARK_COUNT], visibility=visibility)


def refine(places: NDArray[np.float64], heatmap: Array32, side_px: int) -> NDArray[np.float64]:
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
    return moved
