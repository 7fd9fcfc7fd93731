"""Anti-aliased lines, discs, arcs and labels on a picture, at fractions of a pixel."""

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.poses import FloatArray
from ascension.vision.region import Picture

Color = tuple[int, int, int]
IntArray32 = NDArray[np.int32]

LIGHT: Final[Color] = (244, 244, 244)
DARK: Final[Color] = (18, 20, 24)

_SHIFT: Final = 4
"""OpenCV draws on a grid 2^4 times finer than pixels: lines do not jump from frame to frame."""
_LIMIT: Final = 2.0**15
"""Far outside of any picture; OpenCV's own grid must not overflow."""
_RIM_POINTS: Final = 24
_FONT: Final = cv2.FontFace("sans")


def direction_deg(vector: FloatArray) -> float:
    """Clockwise on the screen from the x axis, -180 to 180."""
    return math.degrees(math.atan2(vector[1], vector[0]))


def _fine(place: FloatArray) -> tuple[int, int]:
    x, y = float(place[0]), float(place[1])
    return round(_near(x) * 2**_SHIFT), round(_near(y) * 2**_SHIFT)


def _near(value: float) -> float:
    return min(max(value, -_LIMIT), _LIMIT)


def line(picture: Picture, start: FloatArray, end: FloatArray, color: Color, width_px: float) -> None:
    """A straight line."""
    cv2.line(picture, _fine(start), _fine(end), color, max(round(width_px), 1), cv2.LINE_AA, _SHIFT)


def dashed(picture: Picture, start: FloatArray, end: FloatArray, color: Color, width_px: float) -> None:
    """A straight line with gaps, whatever its length."""
    length = float(np.linalg.norm(end - start))
    dashes = max(round(length / (width_px * 6)), 1)
    for dash in range(dashes):
        begin, stop = dash / dashes, (dash + 0.55) / dashes
        line(picture, start + begin * (end - start), start + stop * (end - start), color, width_px)


def disc(picture: Picture, center: FloatArray, radius_px: float, color: Color) -> None:
    """A filled circle."""
    radius = round(radius_px * 2**_SHIFT)
    cv2.circle(picture, _fine(center), radius, color, cv2.FILLED, cv2.LINE_AA, _SHIFT)


def pie(
    picture: Picture, center: FloatArray, radius_px: float, start_deg: float, sweep_deg: float, color: Color
) -> None:
    """A filled piece of a disc."""
    rim = _rim(center, radius_px, start_deg, sweep_deg)
    cv2.fillPoly(picture, [np.vstack([[_fine(center)], rim]).astype(np.int32)], color, cv2.LINE_AA, _SHIFT)


def arc(
    picture: Picture,
    center: FloatArray,
    radius_px: float,
    start_deg: float,
    sweep_deg: float,
    color: Color,
    width_px: float,
) -> None:
    """A piece of a circle."""
    rim = _rim(center, radius_px, start_deg, sweep_deg)
    cv2.polylines(picture, [rim], False, color, max(round(width_px), 1), cv2.LINE_AA, _SHIFT)


def _rim(center: FloatArray, radius_px: float, start_deg: float, sweep_deg: float) -> IntArray32:
    """(24, 2) on the fine grid."""
    turns = np.radians(np.linspace(start_deg, start_deg + sweep_deg, _RIM_POINTS))
    rim = center + radius_px * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    return (np.clip(rim, -_LIMIT, _LIMIT) * 2**_SHIFT).round().astype(np.int32)


def text_width(text: str, size_px: int) -> int:
    """In pixels."""
    _, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _FONT, size_px, 600)
    return width


def label(picture: Picture, corner: tuple[int, int], text: str, size_px: int, color: Color) -> None:
    """Text with its top left at `corner`, on a dark half-transparent ground, kept inside the picture."""
    pad = max(size_px // 4, 2)
    width, height = text_width(text, size_px) + 2 * pad, size_px + 2 * pad
    left = min(max(corner[0] - pad, 0), max(picture.shape[1] - width, 0))
    top = min(max(corner[1] - pad, 0), max(picture.shape[0] - height, 0))
    ground = picture[top : top + height, left : left + width]
    cv2.addWeighted(ground, 0.35, np.full_like(ground, DARK), 0.65, 0, dst=ground)
    baseline = (left + pad, top + pad + round(size_px * 0.86))
    cv2.putText(picture, text, baseline, color, _FONT, size_px, 600)
