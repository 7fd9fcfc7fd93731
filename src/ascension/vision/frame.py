"""One decoded picture, kept as the codec stored it: planes of brightness and color, turned on demand.

Turning a whole phone picture into upright RGB costs more than cutting the network's square out of the planes,
and the planes are half the size of RGB in a buffer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, cast

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from numpy.typing import NDArray

from ascension.vision.region import Picture, Region

# whoever analyzes has threads for that; OpenCV's own would spin beside them for pictures this small
cv2.setNumThreads(1)

_PLANAR: Final = {"yuv420p", "yuvj420p"}
_QUARTER_TURN_DEG: Final = 90
_HD_SIDE_PX: Final = 720
"""From this shorter side on, a clip that does not name its colors means BT.709, as players assume."""

# Codes of ITU-T H.273, as containers store them
_BT709: Final = 1
_BT601: Final = 6
_BT2020: Final = 9
_RED_BLUE_WEIGHTS: Final = {
    _BT709: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    _BT601: (0.299, 0.114),
    7: (0.212, 0.087),
    _BT2020: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}
_FULL_RANGE: Final = 2
_BLACK: Final = 16
"""Of the brightness plane in limited range; its white is 235, colors reach from 16 to 240 around 128."""
_NO_COLOR: Final = 128


@dataclass(frozen=True)
class Colors:
    """How the planes mean red, green and blue: ITU-T H.273 matrix code, and whether 0-255 is used in full."""

    matrix: int
    full_range: bool


@dataclass(frozen=True)
class Frame:
    """One picture at `ticks` of the time base since the container's start.

    y: (rows, columns); u, v: (rows/2, columns/2), rounded up: as stored, so perhaps turned and stretched
    width_px, height_px: of the displayed picture; rotation_deg: the clockwise turn that shows it upright
    """

    ticks: int
    y: Picture
    u: Picture
    v: Picture
    colors: Colors
    width_px: int
    height_px: int
    rotation_deg: int

    def luma(self) -> Picture:
        """(height, width) brightness of the displayed picture, 16-235 unless the clip uses the full range."""
        return self.upright(self.y, (self.width_px, self.height_px))

    def rgb(self, size_px: tuple[int, int] | None = None) -> Picture:
        """(height, width, 3) RGB of the displayed picture, or shrunk to `size_px` (width, height)."""
        size = size_px or (self.width_px, self.height_px)
        planes = [self.upright(plane, size) for plane in (self.y, self.u, self.v)]
        return _to_rgb(planes, self.colors)

    def shrunk(self, size_px: tuple[int, int]) -> "Frame":
        """The same picture, displayed at `size_px` (width, height), in memory of its own."""
        width, height = size_px[::-1] if self._is_turned() else size_px
        half = ((width + 1) // 2, (height + 1) // 2)
        y, u, v = (
            _copied(plane, size)
            for plane, size in ((self.y, (width, height)), (self.u, half), (self.v, half))
        )
        return replace(self, y=y, u=u, v=v, width_px=size_px[0], height_px=size_px[1])

    def crop(self, region: Region, side_px: int) -> Picture:
        """(side_px, side_px, 3) RGB of the region, cut straight from the planes; black outside.

        side_px must be even.
        """
        to_stored = self._stored_from_displayed() @ _square(region.to_frame(side_px))
        black = 0 if self.colors.full_range else _BLACK
        planes = [_cut(self.y, to_stored, side_px, black)]
        # the colors' grid: half as fine, its first sample half a pixel below the first one of brightness
        to_colors = _HALVED @ to_stored @ _DOUBLED
        for plane in (self.u, self.v):
            coarse = _cut(plane, to_colors, side_px // 2, _NO_COLOR)
            planes.append(_resized(coarse, (side_px, side_px)))
        return _to_rgb(planes, self.colors)

    def upright(self, plane: Picture, size_px: tuple[int, int]) -> Picture:
        """One of the planes as displayed, at `size_px` (width, height)."""
        width, height = size_px
        stored = _resized(plane, (height, width) if self._is_turned() else size_px)
        if self.rotation_deg == 0:
            return stored
        return np.ascontiguousarray(np.rot90(stored, k=-self.rotation_deg // _QUARTER_TURN_DEG))

    def _is_turned(self) -> bool:
        """Stored lying, shown standing, or the other way round."""
        return self.rotation_deg % (2 * _QUARTER_TURN_DEG) != 0

    def _stored_from_displayed(self) -> NDArray[np.float64]:
        """(3, 3) map from pixels of the displayed picture to those of the brightness plane."""
        last_x, last_y = self.width_px - 1, self.height_px - 1
        turned_back = {
            0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            90: [[0, 1, 0], [-1, 0, last_x], [0, 0, 1]],
            180: [[-1, 0, last_x], [0, -1, last_y], [0, 0, 1]],
            270: [[0, -1, last_y], [1, 0, 0], [0, 0, 1]],
        }[self.rotation_deg]
        width, height = (self.width_px, self.height_px)[:: -1 if self._is_turned() else 1]
        rows, columns = self.y.shape
        across, down = columns / width, rows / height
        # pixels are counted from the middle of the first one
        stretch = [[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]]
        return np.array(stretch) @ np.array(turned_back, np.float64)


def frame_from(decoded: VideoFrame, ticks: int, size_px: tuple[int, int], rotation_deg: int) -> Frame:
    """What the decoder gave, shown at `size_px` (width, height) after `rotation_deg`.

    The planes are the decoder's own memory, kept alive by the arrays. Pixel formats other than 8-bit 4:2:0
    are converted to it. Raises av's FFmpegError when the picture is damaged so that it cannot be converted.
    """
    colors = _colors(decoded)
    if decoded.format.name not in _PLANAR:
        decoded = decoded.reformat(
            format="yuv420p",
            dst_colorspace=colors.matrix,
            dst_color_range=_FULL_RANGE if colors.full_range else 1,
        )
    y, u, v = (_pixels(plane) for plane in decoded.planes)
    return Frame(ticks, y, u, v, colors, *size_px, rotation_deg)


def frame_of(rgb: Picture) -> Frame:
    """A picture (height, width, 3) that was no video's, for those who look at frames."""
    height, width = rgb.shape[:2]
    colors = Colors(_BT601, full_range=True)
    to_rgb = _rgb_from_yuv(colors).astype(np.float64)
    from_rgb = np.linalg.inv(to_rgb[:, :3])
    planes = cv2.transform(rgb, np.column_stack([from_rgb, -from_rgb @ to_rgb[:, 3]])).astype(np.uint8)
    half = ((width + 1) // 2, (height + 1) // 2)
    y, u, v = (np.ascontiguousarray(planes[:, :, index]) for index in range(3))
    return Frame(0, y, _resized(u, half), _resized(v, half), colors, width, height, 0)


def _pixels(plane: VideoPlane) -> Picture:
    """The plane without the padding at the end of its lines."""
    lines = np.frombuffer(cast("memoryview[int]", plane), np.uint8).reshape(-1, plane.line_size)
    return lines[: plane.height, : plane.width]


def _colors(decoded: VideoFrame) -> Colors:
    name = decoded.format.name
    full_range = decoded.color_range == _FULL_RANGE or name.startswith("yuvj")
    if decoded.format.is_rgb:
        return Colors(_BT709, full_range=False)
    if decoded.colorspace in _RED_BLUE_WEIGHTS:
        return Colors(decoded.colorspace, full_range)
    is_hd = min(decoded.width, decoded.height) >= _HD_SIDE_PX
    return Colors(_BT709 if is_hd else _BT601, full_range)


@cache
def _rgb_from_yuv(colors: Colors) -> NDArray[np.float32]:
    """(3, 4): red, green, blue from Y, U, V and 1."""
    red, blue = _RED_BLUE_WEIGHTS[colors.matrix]
    green = 1 - red - blue
    y_gain, color_gain, black = (1.0, 1.0, 0) if colors.full_range else (255 / 219, 255 / 224, _BLACK)
    from_u, from_v = 2 * (1 - blue) * color_gain, 2 * (1 - red) * color_gain
    gains = np.array(
        [
            [y_gain, 0, from_v],
            [y_gain, -blue / green * from_u, -red / green * from_v],
            [y_gain, from_u, 0],
        ]
    )
    offsets = -gains @ np.array([black, _NO_COLOR, _NO_COLOR])
    return np.column_stack([gains, offsets]).astype(np.float32)


def _to_rgb(planes: Sequence[Picture], colors: Colors) -> Picture:
    return cv2.transform(cv2.merge(planes), _rgb_from_yuv(colors)).astype(np.uint8, copy=False)


def _resized(plane: Picture, size_px: tuple[int, int]) -> Picture:
    """The plane at `size_px` (width, height); averaged where it shrinks."""
    rows, columns = plane.shape
    if (columns, rows) == size_px:
        return plane
    shrinks = columns > size_px[0]
    resized = cv2.resize(plane, size_px, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return resized.astype(np.uint8, copy=False)


def _copied(plane: Picture, size_px: tuple[int, int]) -> Picture:
    """A copy at `size_px` (width, height). Down to half, neighbors do: area means are slow."""
    smooth = cv2.INTER_LINEAR if plane.shape[1] <= 2 * size_px[0] else cv2.INTER_AREA
    return cv2.resize(plane, size_px, interpolation=smooth).astype(np.uint8, copy=False)


_HALVED: Final = np.array([[0.5, 0, 0], [0, 0.5, -0.25], [0, 0, 1]])
"""From pixels of brightness to those of color: H.264 puts color samples on even columns, between the rows."""
_DOUBLED: Final = np.array([[2.0, 0, 0.5], [0, 2.0, 0.5], [0, 0, 1]])
"""From pixels of a picture half as large to those of the picture, both counted from a pixel's middle."""


def _square(affine: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.vstack([affine, [0.0, 0.0, 1.0]])


def _cut(plane: Picture, to_plane: NDArray[np.float64], side_px: int, border: int) -> Picture:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(plane, to_plane[:2], (side_px, side_px), flags=flags, borderValue=(border,))
    return cut.astype(np.uint8, copy=False)
