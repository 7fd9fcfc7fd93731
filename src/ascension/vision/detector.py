"""Where people are in a whole frame: the BlazePose detector."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ascension.vision.covering import cover
from ascension.vision.frame import Frame
from ascension.vision.networks import Network
from ascension.vision.pose import sigmoid
from ascension.vision.region import Array32, Picture, Region, around

_MIN_SCORE: Final = 0.5
_SAME_PERSON_OVERLAP: Final = 0.3
_SIDE_PX: Final = 224
_TILE_SHARE: Final = 0.6
"""Of the shorter side: how much of the picture a closer look sees at once."""
_RIM_PX: Final = 7
_GRIDS: Final = ((8, 2), (16, 2), (32, 6))
"""Stride in pixels and anchors per cell, as the network was trained."""


@dataclass(frozen=True)
class Person:
    """One found body: score 0-1, the region to look at; head_px: middle x, y and radius of its head."""

    score: float
    region: Region
    head_px: tuple[float, float, float]


def detect(network: Network, frame: Frame, covered: Sequence[NDArray[np.float64]] = ()) -> list[Person]:
    """Everyone in `frame`, best first. Small bodies (below about a fifth of the frame) are often missed.

    Nor does it see who is behind or beside somebody larger: `covered`, landmarks (33, 2) of bodies that are
    painted over before it looks.
    """
    square = _letterbox(frame)
    scale = _SIDE_PX / max(frame.width_px, frame.height_px)
    margin_px = (_SIDE_PX - np.array([frame.width_px, frame.height_px]) * scale) // 2
    cover(square, [landmarks_px * scale + margin_px for landmarks_px in covered], _RIM_PX)
    longest = max(frame.width_px, frame.height_px)
    border = np.array([longest - frame.width_px, longest - frame.height_px]) / 2
    return _people(network, square, longest, -border)


def detect_closer(network: Network, frame: Frame) -> list[Person]:
    """Everyone in `frame` down to about a tenth of it, square by square; the same body more than once."""
    shorter = min(frame.width_px, frame.height_px)
    scale = _SIDE_PX / (_TILE_SHARE * shorter)
    width, height = round(frame.width_px * scale), round(frame.height_px * scale)
    picture = frame.rgb((width, height))
    people: list[Person] = []
    for top in _steps(height):
        for left in _steps(width):
            square = np.ascontiguousarray(picture[top : top + _SIDE_PX, left : left + _SIDE_PX])
            people += _people(network, square, _TILE_SHARE * shorter, np.array([left, top]) / scale)
    return people


def _steps(length_px: int) -> list[int]:
    """Where squares begin that cover a side, each reaching a third into the next."""
    count = max(2, math.ceil(1.5 * (length_px - _SIDE_PX) / _SIDE_PX) + 1)
    return [round(place * (length_px - _SIDE_PX) / (count - 1)) for place in range(count)]


def _people(
    network: Network, square: Picture, side_px: float, corner_px: NDArray[np.float64]
) -> list[Person]:
    """Who is in a square of a frame, best first; side_px, corner_px: its place there."""
    output = network.run(square[None])
    scores = sigmoid(output["scores"][0, :, 0])
    likely = scores > _MIN_SCORE
    if not likely.any():
        return []
    scores, anchors = scores[likely], _anchors()[likely]
    raw = output["boxes"][0][likely].astype(np.float64) / _SIDE_PX
    centers = raw[:, :2] + anchors
    boxes = np.concatenate([centers - raw[:, 2:4] / 2, centers + raw[:, 2:4] / 2], axis=1)
    points = raw[:, 4:].reshape(len(raw), -1, 2) + anchors[:, None]
    people: list[Person] = []
    for members in _same_person(boxes, scores):
        weights = scores[members] / scores[members].sum()
        center, rim = np.tensordot(weights, points[members, :2], axes=1) * side_px + corner_px
        head = np.tensordot(weights, centers[members], axes=1) * side_px + corner_px
        radius_px = float(weights @ raw[members, 2:4].max(axis=1)) * side_px / 2
        people.append(
            Person(
                score=float(scores[members[0]]),
                region=around(center, rim),
                head_px=(float(head[0]), float(head[1]), radius_px),
            )
        )
    return people


def _letterbox(frame: Frame) -> Picture:
    """The whole frame in the middle of a square, black border."""
    scale = _SIDE_PX / max(frame.width_px, frame.height_px)
    width, height = max(round(frame.width_px * scale), 1), max(round(frame.height_px * scale), 1)
    square = np.zeros((_SIDE_PX, _SIDE_PX, 3), np.uint8)
    left, top = (_SIDE_PX - width) // 2, (_SIDE_PX - height) // 2
    square[top : top + height, left : left + width] = frame.rgb((width, height))
    return square


@cache
def _anchors() -> NDArray[np.float64]:
    """(2254, 2) anchor centers in shares of the square."""
    centers: list[NDArray[np.float64]] = []
    for stride, count in _GRIDS:
        cells = _SIDE_PX // stride
        rows, columns = np.mgrid[:cells, :cells]
        grid = (np.stack([columns, rows], axis=-1).reshape(-1, 2) + 0.5) / cells
        centers.append(np.repeat(grid, count, axis=0))
    return np.concatenate(centers)


def _same_person(boxes: NDArray[np.float64], scores: Array32) -> list[NDArray[np.int64]]:
    """Indices of the boxes of each person, best first: weighted non-maximum suppression."""
    rest = np.argsort(-scores)
    people: list[NDArray[np.int64]] = []
    while len(rest):
        overlapping = _overlap(boxes[rest[0]], boxes[rest]) > _SAME_PERSON_OVERLAP
        overlapping[0] = True
        people.append(rest[overlapping])
        rest = rest[~overlapping]
    return people


def _overlap(box: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intersection over union of `box` (4,) with each of `others` (n, 4)."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    shared = np.prod(np.clip(sides, 0, None), axis=1)
    area = np.prod(box[2:] - box[:2])
    other_areas = np.prod(others[:, 2:] - others[:, :2], axis=1)
    return shared / np.maximum(area + other_areas - shared, np.finfo(np.float64).tiny)
