"""What the pictures look like, measured while they are read: light, contrast, sharpness, change.

Everything comes from a thumbnail of the brightness plane and, every twentieth frame, from the square around
the climber as the pose network sees it: 0.2 ms per frame at 720p.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ascension.vision.frame import Frame
from ascension.vision.region import Picture, Region

FloatArray = NDArray[np.float64]

SAMPLES: Final = 96
"""Pixels looked at along the longer side of a picture."""
_THUMBNAIL_PX: Final = 24
"""Longer side of what is compared from frame to frame: so coarse that grain and texture average out."""
_BODY_EVERY: Final = 20
BODY_PX: Final = 256
_BLACK, _WHITE = 16, 235
"""Of a brightness plane in limited range."""
_OVEREXPOSED: Final = 245
"""Brightness from which a pixel of the square shows no more structure (0-255)."""
STEP_PX: Final = 2
"""Second differences over this distance: one pixel's grain counts little, a limb's edge counts."""


@dataclass(frozen=True)
class Appearance:
    """Measurements of one pass, in frame order.

    brightness:   (frames,) mean, 0 black - 1 white
    contrast:     (frames,) standard deviation over the picture, same scale
    change:       (frames,) mean absolute difference to the frame before, same scale; the first frame has 0
    sharpness:    (bodies,) see `sharpness`
    overexposed:  (bodies,) share 0-1 of the square around the body without structure because it is white
    """

    brightness: FloatArray
    contrast: FloatArray
    change: FloatArray
    sharpness: FloatArray
    overexposed: FloatArray


class AppearanceMeter:
    """Give it every frame in order, with the squares around everyone who is seen in it."""

    def __init__(self) -> None:
        self._brightness, self._contrast, self._change = array("d"), array("d"), array("d")
        self._sharpness, self._overexposed = array("d"), array("d")
        self._last: Picture | None = None

    def add(self, frame: Frame, regions: Sequence[Region] = ()) -> None:
        """Measure one frame; in every twentieth one also its largest body."""
        if regions and len(self._brightness) % _BODY_EVERY == 0:
            self._add_body(frame.crop(max(regions, key=lambda region: region.side_px), BODY_PX))
        samples, thumbnail = _shrunk(frame.y)
        black, white = (0, 255) if frame.colors.full_range else (_BLACK, _WHITE)
        mean, deviation = cv2.meanStdDev(samples)
        self._brightness.append((float(mean[0, 0]) - black) / (white - black))
        self._contrast.append(float(deviation[0, 0]) / (white - black))
        self._change.append(self._changed(thumbnail) / (white - black))

    def measured(self) -> Appearance:
        """All of it so far."""
        return Appearance(
            brightness=np.array(self._brightness),
            contrast=np.array(self._contrast),
            change=np.array(self._change),
            sharpness=np.array(self._sharpness),
            overexposed=np.array(self._overexposed),
        )

    def _add_body(self, square: Picture) -> None:
        gray = cv2.cvtColor(square, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
        inside = gray > 0
        self._sharpness.append(sharpness(gray))
        self._overexposed.append(float(np.mean(gray[inside] >= _OVEREXPOSED)) if inside.any() else 0.0)

    def _changed(self, thumbnail: Picture) -> float:
        """Mean difference to the last thumbnail, in steps of the plane."""
        before, self._last = self._last, thumbnail
        if (
            before is None or thumbnail.shape != before.shape
        ):  # a clip that changes its size: told by the losses
            return 0.0
        return float(np.mean(cv2.absdiff(thumbnail, before)))


def sharpness(gray: Picture) -> float:
    """How much fine structure a picture (rows, columns) has in its poorer direction; about 0.2 is sharp.

    The mean square of the second difference over 2 pixels, across and down, each divided by the picture's
    variance; the smaller of the two, because motion blurs one direction only. Pixels of value 0 count as
    outside of the picture. 0 where nothing is inside. Grain raises it: a dark, noisy picture looks sharp.
    """
    values = gray.astype(np.float32)
    # without the rim, where the picture was blended with the black outside of it
    inside = cv2.erode((gray > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    variance = float(values[inside].var()) if inside.any() else 0.0
    if variance == 0:
        return 0.0
    strengths: list[float] = []
    for turned, known in ((values, inside), (values.T, inside.T)):
        ends, middle, rest = turned[2 * STEP_PX :], turned[STEP_PX:-STEP_PX], turned[: -2 * STEP_PX]
        counted = known[2 * STEP_PX :] & known[STEP_PX:-STEP_PX] & known[: -2 * STEP_PX]
        bends = (ends - 2 * middle + rest)[counted]
        strengths.append(float(np.mean(bends**2)) / variance if bends.size else 0.0)
    return min(strengths)


def _shrunk(plane: Picture) -> tuple[Picture, Picture]:
    """Every n-th pixel of the plane, and these averaged to a thumbnail."""
    step = max(1, max(plane.shape) // SAMPLES)
    samples = np.ascontiguousarray(plane[::step, ::step])
    scale = min(1.0, _THUMBNAIL_PX / max(samples.shape))
    rows, columns = (max(1, round(side * scale)) for side in samples.shape)  # a broken file may show a line
    thumbnail = cv2.resize(samples, (columns, rows), interpolation=cv2.INTER_AREA)
    return samples, thumbnail.astype(np.uint8, copy=False)
