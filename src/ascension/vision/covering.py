"""People painted over, so that a network sees who is beside or behind them."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ascension.vision.region import Picture


def cover(picture: Picture, bodies_px: Sequence[NDArray[np.float64]], rim_px: int) -> None:
    """Fill the outlines of bodies, landmarks (33, 2) in `picture`'s pixels, with its mean color, in place.

    rim_px: width of the line around them, for flesh reaches beyond the landmarks
    Pixels that are black are taken to lie outside of the frame, and do not count for the mean.
    """
    for landmarks_px in bodies_px:
        lit = picture.any(axis=2)
        color = picture[lit].mean(axis=0) if lit.any() else np.zeros(3)
        outline = cv2.convexHull(np.round(landmarks_px).astype(np.int32))
        cv2.fillConvexPoly(picture, outline, color.tolist())
        cv2.polylines(picture, [outline], True, color.tolist(), rim_px)
