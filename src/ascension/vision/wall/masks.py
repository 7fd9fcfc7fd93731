"""Which pixels of a frame show the wall: masks of bodies and of boxes around people."""

from typing import Final

import cv2
import numpy as np

from ascension.biomechanics.conventions import Landmark
from ascension.vision.region import Picture
from ascension.vision.wall.fit import FloatArray

CLEAR, OPEN, BESIDE, PERSON = 255, 224, 192, 128
"""In masks: the wall, far from everybody; near somebody, whose shadow may lie on it; within the wide margin
around a body; behind a person. 0: outside of the frame."""

_WIDE, _NARROW = 1.0, 0.85
_SHADOW: Final = 0.35
"""Torso lengths around a body in which its shadow and its reflected light are strong."""
_BOX_MARGIN: Final = 0.05
_BOX_SHADOW: Final = 0.15
_LIMBS: Final = (
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, 0.2),
    (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST, 0.18),
    (Landmark.LEFT_WRIST, Landmark.LEFT_INDEX, 0.26),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, 0.2),
    (Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST, 0.18),
    (Landmark.RIGHT_WRIST, Landmark.RIGHT_INDEX, 0.26),
    (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, 0.34),
    (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE, 0.28),
    (Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX, 0.26),
    (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE, 0.34),
    (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE, 0.28),
    (Landmark.RIGHT_HEEL, Landmark.RIGHT_FOOT_INDEX, 0.26),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, 0.3),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, 0.3),
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_HIP, 0.3),
    (Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, 0.3),
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, 0.3),
    (Landmark.NOSE, Landmark.LEFT_EAR, 0.4),
    (Landmark.NOSE, Landmark.RIGHT_EAR, 0.4),
)
"""Capsules that cover a body with its clothes: two landmarks and a radius in torso lengths."""
_NECK: Final = 0.45
_THICKEST_PX: Final = 32767
"""More is no line for OpenCV."""
_TRUNK: Final = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)
_FACE: Final = slice(Landmark.NOSE, Landmark.RIGHT_EAR + 1)


def mask(
    size_px: tuple[int, int], outline: FloatArray, bodies: list[FloatArray], boxes: list[FloatArray]
) -> Picture:
    """(height, width) of the levels above.

    size_px: width and height; outline: (4, 2) corners of the frame; bodies: (33, 2) each; boxes: (2, 2) each,
    left top and right bottom; all in pixels of the mask.
    """
    area = np.zeros((size_px[1], size_px[0]), np.uint8)
    cv2.fillConvexPoly(area, outline.round().astype(np.int32), (CLEAR,))
    for margin, shadow, level in ((_WIDE, _SHADOW, OPEN), (_WIDE, 0.0, BESIDE), (_NARROW, 0.0, PERSON)):
        shape = np.zeros_like(area)
        for body in bodies:
            _draw_body(shape, body, margin, shadow)
        for box in boxes:
            _draw_box(shape, box, _BOX_SHADOW if shadow else _BOX_MARGIN)
        np.minimum(area, level, out=area, where=shape > 0)
    return area


def own_box(boxes: FloatArray, body: FloatArray) -> int | None:
    """Which box is this body's: of those around the trunk's middle the one whose middle is nearest to it."""
    trunk = body[list(_TRUNK)].mean(axis=0)
    around = np.all((boxes[:, :2] <= trunk) & (trunk <= boxes[:, 2:]), axis=1)
    if not around.any():
        return None
    distances = np.linalg.norm((boxes[:, :2] + boxes[:, 2:]) / 2 - trunk, axis=1)
    return int(np.argmin(np.where(around, distances, np.inf)))


def _draw_box(shape: Picture, box: FloatArray, extra: float) -> None:
    margin = extra * float((box[1] - box[0]).max())
    left, top = (int(max(0.0, value)) for value in box[0] - margin)
    right, bottom = (int(max(0.0, value)) for value in box[1] + margin)
    shape[top:bottom, left:right] = 1


def _draw_body(shape: Picture, body: FloatArray, margin: float, shadow: float) -> None:
    shoulders = (body[Landmark.LEFT_SHOULDER] + body[Landmark.RIGHT_SHOULDER]) / 2
    hips = (body[Landmark.LEFT_HIP] + body[Landmark.RIGHT_HIP]) / 2
    reach = float(np.ptp(body[:, 1]))
    torso = max(float(np.linalg.norm(shoulders - hips)), 0.2 * reach)  # a bent trunk looks short
    ends = [body[_FACE].mean(axis=0), shoulders]
    places = np.clip([*body, *ends], -20000, 20000).round().astype(int).tolist()
    for first, second, radius in (*_LIMBS, (-2, -1, _NECK)):
        thickness = max(1, round(2 * (radius * margin + shadow) * torso))
        cv2.line(shape, places[first], places[second], (1,), min(thickness, _THICKEST_PX))
