"""The picture of the wall with heads covered, for those whom its people do not know.

The climber and whoever was followed are cut out of it already; who is left was overlooked, and stands still
for most of the clip. So each frame that it was made of is searched as closely as a shared clip, and then the
picture itself, again and again until nobody is found: else there is none. Limits: those of `vision.faces`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, cast

import cv2
import numpy as np

from ascension.vision.blurring import cover
from ascension.vision.faces import Head
from ascension.vision.frame import Frame, frame_of
from ascension.vision.region import Picture
from ascension.vision.wall.fit import BoolArray, FloatArray, moved
from ascension.vision.wall.masks import BESIDE
from ascension.vision.wall.picture import Layer, WallPicture, spread

_CROWD: Final = 8
"""Where so many stand in one frame, some are behind others."""
_LAYERS: Final = 8
_LOOKS: Final = 4
_LEAST_ALIKE: Final = 0.3
"""Correlation of brightness: below it the picture shows something else at that place than the frame did."""


def covered(picture: WallPicture, find: Callable[[Frame], Sequence[Head]]) -> WallPicture | None:
    """The same picture without faces; None: it is not certain that none is left.

    find: the heads in a frame, small ones too: `vision.faces.heads_in`
    """
    heads: list[Head] = []
    for layer in spread(picture.layers, _LAYERS):
        found = find(frame_of(layer.rgb))
        if len(found) >= _CROWD:
            return None
        heads += [head for head in _in_picture(found, layer) if _is_shown(head, layer, picture)]
    rgb = picture.rgb.copy()
    known: list[Head] = []
    for _ in range(_LOOKS):
        known += heads
        _cover(rgb, heads)
        heads = [head for head in find(frame_of(rgb)) if _is_new(head, known)]
        if not heads:
            return replace(picture, rgb=rgb)
    return None


def _in_picture(heads: Sequence[Head], layer: Layer) -> list[Head]:
    """Where heads of a frame lie in the picture, as wide as they are at their widest there."""
    placed: list[Head] = []
    for head in heads:
        reach = head.radius_px * np.array([[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]])
        middle, *rim = moved(layer.to_canvas, reach + np.array([head.x_px, head.y_px]))
        radius_px = float(np.linalg.norm(np.array(rim) - middle, axis=1).max())
        placed.append(Head(float(middle[0]), float(middle[1]), radius_px))
    return placed


def _is_shown(head: Head, layer: Layer, picture: WallPicture) -> bool:
    """Whether the face may be in the picture: it was not cut out of the frame, and both look alike there."""
    height, width = layer.area.shape
    rows, columns = np.mgrid[:height, :width]
    inside = (rows - head.y_px) ** 2 + (columns - head.x_px) ** 2 <= head.face_px**2
    if not (layer.area[inside] >= BESIDE).any():
        return False
    there = cv2.warpPerspective(layer.rgb, layer.to_canvas, (width, height), flags=cv2.INTER_LINEAR)
    one, other = (_brightness(shown, inside) for shown in (cast("Picture", there), picture.rgb))
    spread_of_both = float(one.std() * other.std())
    if spread_of_both < 1:
        return True  # nothing to compare
    together = (one - float(one.mean())) @ (other - float(other.mean())) / len(one)
    return float(together) / spread_of_both >= _LEAST_ALIKE


def _brightness(rgb: Picture, inside: BoolArray) -> FloatArray:
    return rgb[inside].astype(np.float64) @ np.full(3, 1 / 3)


def _is_new(head: Head, known: Sequence[Head]) -> bool:
    return not any(np.hypot(head.x_px - one.x_px, head.y_px - one.y_px) < one.radius_px for one in known)


def _cover(rgb: Picture, heads: Sequence[Head]) -> None:
    for head in heads:
        for color in range(rgb.shape[2]):
            cover(rgb[:, :, color], head.x_px, head.y_px, head.radius_px)
