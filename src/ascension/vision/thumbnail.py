"""A small picture of a climb, for lists and until its clip plays: one of the frames that were kept of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ascension.biomechanics.conventions import MAIN_JOINTS
from ascension.biomechanics.poses import PoseSequence
from ascension.vision.frame import Frame

MAX_BYTES: Final = 12_000
_SHORT_SIDES_PX: Final = (320, 240, 160, 96)
_QUALITIES: Final = (70, 50, 30)
"""Of WebP. A picture full of fine texture is made smaller where even the lowest does not fit."""
_MIDDLE: Final = (1 / 3, 2 / 3)


@dataclass(frozen=True)
class Thumbnail:
    """As it is stored."""

    webp: bytes
    width_px: int
    height_px: int


def thumbnail_of(kept: Mapping[int, Frame], poses: PoseSequence) -> Thumbnail | None:
    """Of the kept frames by number, the one that says most; None where none shows the climber."""
    frame = _telling(kept, poses)
    return None if frame is None else _drawn(kept[frame])


def _telling(kept: Mapping[int, Frame], poses: PoseSequence) -> int | None:
    """In the middle third of the climb, where most of the body is seen; else the frame nearest to its middle.

    None where the climber is in none of them.
    """
    climbing = np.flatnonzero(poses.person)
    shown = [frame for frame in kept if frame < poses.frame_count and poses.person[frame]]
    if not shown:
        return None
    first, last = climbing[[0, -1]]
    low, high = (first + share * (last - first) for share in _MIDDLE)
    middle = [frame for frame in shown if low <= frame <= high]
    if not middle:
        return min(shown, key=lambda frame: abs(2 * frame - first - last))
    return max(middle, key=lambda frame: float(poses.visibility[frame, MAIN_JOINTS].mean()))


def _drawn(frame: Frame) -> Thumbnail:
    """As large and as good as the bytes allow."""
    made = (_webp(frame, side, quality) for side in _SHORT_SIDES_PX for quality in _QUALITIES)
    fitting = (one for one in made if len(one.webp) <= MAX_BYTES)
    return next(fitting, None) or _webp(frame, _SHORT_SIDES_PX[-1], _QUALITIES[-1])


def _webp(frame: Frame, side_px: int, quality: int) -> Thumbnail:
    scale = min(1.0, side_px / min(frame.width_px, frame.height_px))
    size = max(1, round(frame.width_px * scale)), max(1, round(frame.height_px * scale))
    rgb = frame.rgb(size)
    done, data = cv2.imencode(".webp", rgb[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, quality])
    if not done:
        raise RuntimeError("OpenCV could not write a WebP")
    return Thumbnail(data.tobytes(), *size)
