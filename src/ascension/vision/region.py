"""The square of the picture that the pose network sees, turned so that the body stands upright in it."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Array32 = NDArray[np.float32]

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

    def to_crop(self, places_px: NDArray[np.float64], side_px: int) -> NDArray[np.float64]:
        """(n, 2) places of the frame in the crop's pixels."""
        to_frame = self.to_frame(side_px)
        return (places_px - to_frame[:, 2]) @ np.linalg.inv(to_frame[:, :2]).T


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


def between(one: Region, other: Region, share: float) -> Region:
    """The region `share` (0-1) of the way from `one` to `other`, turning the shorter way round."""
    turn = math.remainder(other.angle_rad - one.angle_rad, 2 * math.pi)
    return Region(
        center_x_px=one.center_x_px + share * (other.center_x_px - one.center_x_px),
        center_y_px=one.center_y_px + share * (other.center_y_px - one.center_y_px),
        side_px=one.side_px + share * (other.side_px - one.side_px),
        angle_rad=one.angle_rad + share * turn,
    )


def distance_px(one: Region, other: Region) -> float:
    """Between the centers."""
    return math.hypot(one.center_x_px - other.center_x_px, one.center_y_px - other.center_y_px)
