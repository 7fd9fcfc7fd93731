"""One frame as the wall's registration sees it: small, gray, people left out; and its coordinates."""

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ascension.vision.wall.fit import BoolArray, FloatArray, moved

Picture = NDArray[np.uint8]

WORK_SIDE_PX: Final = 480
"""Longer side of the pictures in which points are followed. With 640 errors are the same and work is more."""
_SHIFT_SHRINK: Final = 8


@dataclass(frozen=True)
class Look:
    """One frame, made ready.

    picture: (height, width) of the work size; area: the same shape, 255 where nobody hides the wall;
    light: mean brightness.
    """

    picture: Picture
    area: Picture
    light: float


class Geometry:
    """Pixels of the work picture <-> view units (see wall_fit) <-> pixels of the displayed frame."""

    def __init__(self, width_px: int, height_px: int) -> None:
        shrink = min(1.0, WORK_SIDE_PX / max(width_px, height_px))
        self.work_size = (max(1, round(width_px * shrink)), max(1, round(height_px * shrink)))
        half = max(width_px, height_px) / 2
        self._frame_from_work = np.array([width_px, height_px]) / self.work_size
        self._middle = np.array([width_px, height_px]) / 2
        self._half = half
        reach = self._middle / half
        self.corners: FloatArray = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * reach
        self.corners_px: FloatArray = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * [width_px, height_px]
        steps = np.linspace(-1, 1, 7)
        self.grid: FloatArray = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2) * reach
        self.view_from_frame: FloatArray = np.array(
            [
                [1 / half, 0, (0.5 - self._middle[0]) / half],
                [0, 1 / half, (0.5 - self._middle[1]) / half],
                [0, 0, 1],
            ]
        )

    def to_view(self, work_px: NDArray[np.floating]) -> FloatArray:
        """(points, 2) work pixels, whole numbers at pixel centers -> view units."""
        return ((work_px.astype(np.float64) + 0.5) * self._frame_from_work - self._middle) / self._half

    def to_work_px(self, view: FloatArray) -> FloatArray:
        """(points, 2) view units -> work pixels."""
        return (view * self._half + self._middle) / self._frame_from_work - 0.5

    def overlap(self, matrix: FloatArray) -> float:
        """Share of the source picture that `matrix` puts inside the target picture."""
        inside: BoolArray = np.abs(moved(matrix, self.grid)) <= self.corners[2]
        return float(inside.all(axis=1).mean())

    def look(self, luma: Picture, boxes_px: FloatArray, margin: float) -> Look:
        """The displayed frame's brightness plane, with people's boxes to leave out."""
        while min(luma.shape[1] / self.work_size[0], luma.shape[0] / self.work_size[1]) >= 2:
            half = luma.shape[1] // 2, luma.shape[0] // 2  # a mean over an odd area is ten times as slow
            luma = cast("Picture", cv2.resize(luma, half, interpolation=cv2.INTER_AREA))
        picture = cast("Picture", cv2.resize(luma, self.work_size, interpolation=cv2.INTER_LINEAR))
        return Look(picture, self.open_area(boxes_px, margin), cv2.mean(picture)[0])

    def shift(self, before: Look, after: Look) -> FloatArray:
        """The motion of the picture as a whole, in view units: phase correlation at an eighth of the size."""
        width, height = (max(8, side // _SHIFT_SHRINK) for side in self.work_size)
        first, second = (
            cv2.resize(look.picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
            for look in (before, after)
        )
        window = cv2.createHanningWindow((width, height), cv2.CV_32F)
        (right, down), _ = cv2.phaseCorrelate(first, second, window)
        reach = self.corners[2] * 2
        return np.array([[1, 0, right / width * reach[0]], [0, 1, down / height * reach[1]], [0, 0, 1]])

    def open_area(self, boxes_px: FloatArray, margin: float) -> Picture:
        """Work picture, 255 where no box, widened by `margin` of the longer side, covers it; 0 elsewhere."""
        width, height = self.work_size
        area = np.full((height, width), 255, np.uint8)
        extra = margin * max(width, height)
        for left, top, right, bottom in boxes_px / np.tile(self._frame_from_work, 2):
            rows = slice(max(0, int(top - extra)), max(0, int(np.ceil(bottom + extra))))
            area[rows, max(0, int(left - extra)) : max(0, int(np.ceil(right + extra)))] = 0
        return area
