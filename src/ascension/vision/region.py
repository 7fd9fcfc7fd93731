"""The square of the picture that the pose network sees, turned so that the body stands upright in it."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_MARGIN: Final = 1.25
"""The network was trained on a square this much larger than the circle around the body."""


@dataclass(frozen=True)
class Region:
    """Center and side in displayed-frame pixels; `angle_rad` turns the square clockwise on the screen."""

    center_x_px: float
    center_y_px: float
    side_px: float
    angle_rad: float

    def to_frame(self, side_px: int) -> NDArray[np.float64]:
        """(2, 3) affine map from the crop's pixels (`side_px` wide) to the frame's."""
        step = self.side_px / side_px
        cosine, sine = math.cos(self.angle_rad) * step, math.sin(self.angle_rad) * step
        half = side_px / 2
        return np.array(
            [
                [cosine, -sine, self.center_x_px - (cosine - sine) * half],
                [sine, cosine, self.center_y_px - (sine + cosine) * half],
            ]
        )

    def crop(self, frame: Picture, side_px: int) -> Picture:
        """(side_px, side_px, 3) pixels of the region, cut from the full frame; black outside of it."""
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cut = cv2.warpAffine(frame, self.to_frame(side_px), (side_px, side_px), flags=flags)
        return cut.astype(np.uint8, copy=False)


def around(center_px: NDArray[np.float64], rim_px: NDArray[np.float64]) -> Region:
    """The region of a body whose hips' middle is `center_px` and whose circle's top is `rim_px`, (2,) each.

    Both points come from the networks ("alignment points" of BlazePose, Bazarevsky et al. 2020).
    """
    x, y = rim_px - center_px
    return Region(
        center_x_px=float(center_px[0]),
        center_y_px=float(center_px[1]),
        side_px=2 * math.hypot(x, y) * _MARGIN,
        angle_rad=math.pi / 2 - math.atan2(-y, x),
    )
