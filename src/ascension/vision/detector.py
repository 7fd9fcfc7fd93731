"""Where people are in a whole frame: the BlazePose detector."""

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
_RIM_PX: Final = 7
_GRIDS: Final = ((8, 2), (16, 2), (32, 6))
"""Stride in pixels and anchors per cell, as the network was trained."""


@dataclass(frozen=True)
class Person:
    """One found body: score 0-1 and the region to look at."""

    score: float
    region: Region


def detect(network: Network, frame: Frame, covered: Sequence[NDArray[np.float64]] = ()) -> list[Person]:
    """Everyone in `frame`, best first. Small bodies (below about a fifth of the frame) are often missed.

    Nor does it see who is behind or beside somebody larger: `covered`, landmarks (33, 2) of bodies that are
    painted over before it looks.
    """
    square = _letterbox(frame)
    scale = _SIDE_PX / max(frame.width_px, frame.height_px)
    margin_px = (_SIDE_PX - np.array([frame.width_px, frame.height_px]) * scale) // 2
    cover(square, [landmarks_px * scale + margin_px for landmarks_px in covered], _RIM_PX)
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
    longest = max(frame.width_px, frame.height_px)
    border = np.array([longest - frame.width_px, longest - frame.height_px]) / 2
    people: list[Person] = []
    for members in _same_person(boxes, scores):
        weights = scores[members] / scores[members].sum()
        center, rim = np.tensordot(weights, points[members, :2], axes=1) * longest - border
        people.append(Person(score=float(scores[members[0]]), region=around(center, rim)))
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
