"""A clip made anew with every head covered, without sound: for those whom its people do not know.

Inside each circle the picture is averaged to a few fields, so that nothing of a face can be had back. The
form is the small one that plays everywhere: a shared view needs no more.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ascension.vision.cleaning import OnShare
from ascension.vision.faces import find_heads
from ascension.vision.frame import Frame
from ascension.vision.networks import Engine
from ascension.vision.region import Picture
from ascension.vision.small_clip import write_small

_FIELDS: Final = 3
"""A head's square is averaged to so many by so many."""
_FINDING_SHARE: Final = 0.5


def write_blurred(source: Path, target: Path, engine: Engine, *, threads: int, on_share: OnShare) -> None:
    """Read `source` twice, write `target` as MP4. Raises what `write_small` raises."""
    heads = find_heads(
        source, engine, threads=threads, on_share=lambda share: on_share(_FINDING_SHARE * share)
    )

    def cover_heads(frame: Frame, at_s: float, planes: Sequence[Picture]) -> None:
        found = heads.at(at_s)
        for plane in planes:
            scale = plane.shape[1] / frame.width_px
            for head in found:
                cover(plane, head.x_px * scale, head.y_px * scale, head.radius_px * scale)

    write_small(
        source,
        target,
        threads=threads,
        on_share=lambda share: on_share(_FINDING_SHARE + (1 - _FINDING_SHARE) * share),
        retouch=cover_heads,
    )


def cover(plane: Picture, x_px: float, y_px: float, radius_px: float) -> None:
    """Average what is inside the circle to a few fields, in place."""
    rows, columns = plane.shape
    left, right = max(0, round(x_px - radius_px)), min(columns, round(x_px + radius_px) + 1)
    top, bottom = max(0, round(y_px - radius_px)), min(rows, round(y_px + radius_px) + 1)
    if left >= right or top >= bottom:
        return
    part = plane[top:bottom, left:right]
    fields = cv2.resize(part, (_FIELDS, _FIELDS), interpolation=cv2.INTER_AREA)
    smooth = cv2.resize(fields, part.shape[::-1], interpolation=cv2.INTER_LINEAR)
    down, across = np.ogrid[top:bottom, left:right]
    inside = (across - x_px) ** 2 + (down - y_px) ** 2 <= radius_px**2
    part[inside] = smooth[inside]
