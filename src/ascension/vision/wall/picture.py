"""A picture of the wall without the climber, out of the clip's own pixels.

A few frames are kept while the clip is read; at the end they are laid onto the wall, people cut out, and each
place shows the median of what was seen there. What nobody ever stepped away from is not invented: it stays
transparent, over a blur of what is around it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ascension.vision.frame import Frame
from ascension.vision.region import Picture
from ascension.vision.wall.fit import BoolArray, FloatArray, inverse, moved
from ascension.vision.wall.masks import BESIDE, CLEAR, OPEN, mask, own_box
from ascension.vision.wall.registration import Registration

SAMPLES: Final = 40
SAMPLE_SIDE_PX: Final = 960
"""Longer side of the kept frames: 0.8 MB each."""
LONGEST_SIDE_PX: Final = 2000
WEBP_QUALITY: Final = 82
UNSEEN_ALPHA: Final = 110
"""Of 255, where people always hid the wall; 0 where no frame ever looked."""

_FIRST_STEP: Final = 3
_FEW, _DEEP, _MANY = 3, 11, 25
"""Frames laid over each other where nobody ever was, and where somebody was at times: on average, at most."""
_BRIGHTER: Final = 0.7
"""Where somebody was near at times this quantile is taken, not the median: what moves with them is shadow."""
_EDGE_PX: Final = 3
"""Left out around each frame, where interpolation and the codec's edges meet the outside."""
_SAME_LIGHT: Final = 0.015
_FEWEST_BESIDE_PEOPLE: Final = 3
"""Where people were, a place must be seen free in so many frames: a landmark may be wrong in one or two."""
_STRIP_ROWS: Final = 48
_RUN_GAP_PX: Final = 24
_REACH: Final = 2.0
"""The picture ends so many frame sizes beyond the reference frame: a view on a slant would fill any size."""
_THINNEST_PX: Final = 2
_SMALL_SIDE_PX: Final = 56
_BALANCE_ROUNDS: Final = 2
_MOST_GAIN: Final = 2.0
_LIGHT_SPREAD_PX: Final = 7
"""Of the small pictures: light differs smoothly from frame to frame; what is finer is the wall itself."""
_DARKEST: Final = 8
_SHRINK: Final = 8
"""Gains and blurs are computed at this fraction of the picture's size."""

Gain = NDArray[np.float32]
Item = TypeVar("Item")


@dataclass(frozen=True)
class WallPicture:
    """The wall without people.

    rgb: (height, width, 3), a blur where the wall was not seen; seen: (height, width) where it was
    looked_at: the same shape, False where not even people were seen
    wall_to_picture: (3, 3) from wall pixels (see Registration) to pixels of this picture
    layers: the frames that it was made from
    """

    rgb: Picture
    seen: BoolArray
    looked_at: BoolArray
    wall_to_picture: FloatArray
    layers: "tuple[Layer, ...]"

    def webp(self) -> bytes:
        """The picture for files and browsers; its alpha is 255 where the wall was seen and nowhere else."""
        alpha = np.where(self.seen, 255, np.where(self.looked_at, UNSEEN_ALPHA, 0)).astype(np.uint8)
        bgra = cv2.merge([*cv2.split(self.rgb)[::-1], alpha])
        ok, data = cv2.imencode(".webp", bgra, [cv2.IMWRITE_WEBP_QUALITY, WEBP_QUALITY])
        if not ok:
            raise RuntimeError("OpenCV could not write a WebP")
        return data.tobytes()


@dataclass(frozen=True)
class _Sample:
    """A kept frame: its number, its shrunk picture, (people, 4) boxes in pixels of the displayed frame."""

    frame: int
    picture: Frame
    boxes_px: FloatArray


@dataclass(frozen=True)
class Layer:
    """A kept frame with its place: rgb, a mask of what it shows of the wall, (3, 3) to the picture."""

    rgb: Picture
    to_canvas: FloatArray
    outline: FloatArray
    area: Picture


class WallPainter:
    """Keeps at most 40 frames, evenly spread over whatever length the clip turns out to have."""

    def __init__(self, width_px: int, height_px: int) -> None:
        shrink = min(1.0, SAMPLE_SIDE_PX / max(width_px, height_px))
        self._frame_size = np.array([width_px, height_px], np.float64)
        self._size = (max(2, round(width_px * shrink)), max(2, round(height_px * shrink)))
        scale = self._size / self._frame_size
        self._sample_from_frame: FloatArray = np.array(
            [[scale[0], 0, (scale[0] - 1) / 2], [0, scale[1], (scale[1] - 1) / 2], [0, 0, 1]]
        )
        self._samples: list[_Sample] = []
        self._step = _FIRST_STEP
        self._count = 0

    def add(self, frame: Frame, boxes_px: Sequence[Sequence[float]] | FloatArray) -> None:
        """The next frame, and boxes around all people in it."""
        index = self._count
        self._count += 1
        if index % self._step:
            return
        boxes = np.asarray(boxes_px, np.float64).reshape(-1, 4)
        self._samples.append(_Sample(index, frame.shrunk(self._size), boxes))
        if len(self._samples) > SAMPLES:
            self._samples = self._samples[::2]
            self._step *= 2

    def kept(self) -> dict[int, Frame]:
        """The kept frames, shrunk, by their number in the clip."""
        return {sample.frame: sample.picture for sample in self._samples}

    def compose(self, registration: Registration, landmarks_px: FloatArray) -> WallPicture | None:
        """The picture, or None when no kept frame has a place on the wall.

        landmarks_px: (frames, 33, 2) of the climber; NaN where none. There the bodies of the nearest frames
        before and after hide the wall, and the boxes do.
        """
        kept = [sample for sample in self._samples if registration.kind[sample.frame] != "none"]
        if not kept:
            return None
        size, wall_to_picture = self._canvas([registration.frame_to_wall[s.frame] for s in kept])
        share = size[0] * size[1] / (self._size[0] * self._size[1])
        kept = spread(kept, min(_MANY, round(_DEEP * share)))
        layers = [self._layer(sample, size, wall_to_picture, registration, landmarks_px) for sample in kept]
        canvas = _Canvas(layers, size)
        rgb, seen = canvas.laid_over()
        _blur_unseen(rgb, seen)
        return WallPicture(rgb, seen, canvas.inside, wall_to_picture, tuple(layers))

    def _canvas(self, frame_to_wall: list[FloatArray]) -> tuple[tuple[int, int], FloatArray]:
        """Width and height, and the map from wall pixels to the picture."""
        width, height = self._frame_size
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]])
        places = np.concatenate([moved(matrix, corners) for matrix in frame_to_wall])
        low = np.maximum(places.min(axis=0), -_REACH * self._frame_size)
        high = np.minimum(places.max(axis=0), (1 + _REACH) * self._frame_size)
        scale = min(float(self._sample_from_frame[0, 0]), LONGEST_SIDE_PX / float((high - low).max()))
        size = np.maximum(_THINNEST_PX, np.floor((high - low) * scale)).astype(int)
        shift = -low * scale
        return (int(size[0]), int(size[1])), np.array([[scale, 0, shift[0]], [0, scale, shift[1]], [0, 0, 1]])

    def _layer(
        self,
        sample: _Sample,
        size: tuple[int, int],
        wall_to_picture: FloatArray,
        registration: Registration,
        landmarks_px: FloatArray,
    ) -> Layer:
        """Hidden are the climber's body, or where it was before and after, and others' boxes."""
        to_picture = wall_to_picture @ registration.frame_to_wall
        frame_to_picture = to_picture[sample.frame]
        known = np.isfinite(landmarks_px).all(axis=(1, 2)) & registration.placed
        numbers = np.flatnonzero(known)
        after = int(np.searchsorted(numbers, sample.frame))
        near = numbers[[after]] if known[sample.frame] else numbers[max(0, after - 1) : after + 1]
        bodies = [moved(to_picture[number], landmarks_px[number]) for number in near]
        own = own_box(sample.boxes_px, landmarks_px[sample.frame]) if known[sample.frame] else None
        others = [box for number, box in enumerate(sample.boxes_px) if number != own]
        width, height = self._frame_size
        low, right, bottom = _EDGE_PX, width - _EDGE_PX, height - _EDGE_PX
        outline = moved(
            frame_to_picture, np.array([[low, low], [right, low], [right, bottom], [low, bottom]])
        )
        boxes = [_around(moved(frame_to_picture, box.reshape(2, 2))) for box in others]
        return Layer(
            sample.picture.rgb(),
            frame_to_picture @ inverse(self._sample_from_frame),
            outline,
            mask(size, outline, bodies, boxes),
        )


class _Canvas:
    """Layers on one canvas of (width, height), each with its own light."""

    def __init__(self, layers: list[Layer], size: tuple[int, int]) -> None:
        shrink = min(1.0, _SMALL_SIDE_PX / max(size))
        small = (max(1, round(size[0] * shrink)), max(1, round(size[1] * shrink)))
        self._layers = layers
        self._size = size
        self._smaller: FloatArray = np.diag([small[0] / size[0], small[1] / size[1], 1.0])
        views = np.stack([_warped(layer, self._smaller, small) for layer in layers])
        areas = [cv2.resize(layer.area, small, interpolation=cv2.INTER_NEAREST) for layer in layers]
        self._gains = _gains(views, np.stack(areas).astype(np.uint8, copy=False))
        self.inside: BoolArray = np.max([layer.area for layer in layers], axis=0) > 0
        """(height, width) True where some layer lies."""

    def laid_over(self) -> tuple[Picture, BoolArray]:
        """The median of the layers and where it is known, strip by strip: all at once would need 300 MB.

        A few layers are enough where none of them shows anybody near; elsewhere first those count that show
        nobody near, then those near whom a shadow may lie, then the rim of bodies.
        """
        width, height = self._size
        rgb, seen = np.zeros((height, width, 3), np.uint8), np.zeros((height, width), np.bool_)
        for top in range(0, height, _STRIP_ROWS):
            rows = slice(top, min(top + _STRIP_ROWS, height))
            reaching = [
                number
                for number, layer in enumerate(self._layers)
                if layer.outline[:, 1].min() < rows.stop and layer.outline[:, 1].max() > top
            ]
            if not reaching:
                continue
            self._lay_few(spread(reaching, _FEW), rows, rgb, seen)
            for columns in _runs(self.inside[rows] & ~seen[rows]):
                stack, areas = self._views(reaching, rows, columns)
                _fill(stack, areas, rgb[rows, columns], seen[rows, columns])
        return rgb, seen

    def _lay_few(self, numbers: list[int], rows: slice, rgb: Picture, seen: BoolArray) -> None:
        """Where enough of these layers lie, and all of them show the wall with nobody near."""
        stack, areas = self._views(numbers, rows, slice(0, self._size[0]))
        values, count = _masked_quantile(stack, areas >= CLEAR, 0.5)
        found = (count >= _FEWEST_BESIDE_PEOPLE) & (count == np.count_nonzero(areas, axis=0))
        cv2.copyTo(values, found.astype(np.uint8), rgb[rows])
        seen[rows] |= found

    def _views(self, numbers: list[int], rows: slice, columns: slice) -> tuple[Picture, Picture]:
        """(layers, rows, columns, 3) and their masks, in a part of the canvas."""
        size = (columns.stop - columns.start, rows.stop - rows.start)
        part: FloatArray = np.array([[1, 0, -columns.start], [0, 1, -rows.start], [0, 0, 1]], np.float64)
        stack = np.empty((len(numbers), size[1], size[0], 3), np.uint8)
        for number, lit in zip(numbers, stack, strict=True):
            lit[:] = _warped(self._layers[number], part, size)
            gain = self._gains[number]
            if np.abs(gain - 1).max() > _SAME_LIGHT:
                cv2.multiply(lit, self._gain_in(gain, part, size), dst=lit, dtype=cv2.CV_8U)
        return stack, np.stack([self._layers[number].area[rows, columns] for number in numbers])

    def _gain_in(self, gain: Gain, part: FloatArray, size: tuple[int, int]) -> Gain:
        """The layer's gain in a part of the canvas: computed at an eighth of the size, then made smooth."""
        coarse = (max(1, size[0] // _SHRINK), max(1, size[1] // _SHRINK))
        to_coarse = np.diag([coarse[0] / size[0], coarse[1] / size[1], 1.0]) @ part @ inverse(self._smaller)
        there = cv2.warpPerspective(
            gain, to_coarse, coarse, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        return cast("Gain", cv2.resize(there, size, interpolation=cv2.INTER_LINEAR))


def spread(items: Sequence[Item], most: int) -> list[Item]:
    """At most so many of them, evenly spread."""
    wanted = max(1, min(most, len(items)))
    return [items[index * len(items) // wanted] for index in range(wanted)]


def _around(places: FloatArray) -> FloatArray:
    """(2, 2) left top and right bottom."""
    return np.stack([places.min(axis=0), places.max(axis=0)])


def _runs(wanted: BoolArray) -> list[slice]:
    """The columns where a row is True, breaks of up to 24 included."""
    places = np.flatnonzero(wanted.any(axis=0))
    if not len(places):
        return []
    groups = np.split(places, np.flatnonzero(np.diff(places) > _RUN_GAP_PX) + 1)
    return [slice(int(group[0]), int(group[-1]) + 1) for group in groups]


def _gains(views: Picture, areas: Picture) -> list[Gain]:
    """The phone's exposure changes and its lens flares: each frame's light is fitted to the median of all.

    views: (layers, rows, columns, 3) small pictures on the canvas; areas: their masks. The gain of each color
    varies slowly over the picture, so that it evens light out but leaves the wall.
    """
    stack = views.astype(np.float32)
    stack[areas < OPEN] = np.nan
    gains = [np.ones_like(view) for view in stack]
    for _ in range(_BALANCE_ROUNDS):
        level = _median(stack * np.stack(gains))
        gains = [_gain(view, level) for view in stack]
    return gains


def _gain(view: NDArray[np.float32], level: NDArray[np.float32]) -> NDArray[np.float32]:
    """(rows, columns, 3) smooth factors that bring a view with holes (NaN) to the level."""
    usable = np.isfinite(view).all(axis=-1) & (level.min(axis=-1) > _DARKEST)
    usable &= np.nan_to_num(view).min(axis=-1) > _DARKEST
    weight = usable.astype(np.float32)[..., None]
    ratio = np.where(usable[..., None], np.log(np.maximum(level, 1) / np.maximum(np.nan_to_num(view), 1)), 0)
    both = np.concatenate([ratio.astype(np.float32), weight], axis=-1)
    smooth = cv2.GaussianBlur(both, (0, 0), _LIGHT_SPREAD_PX, borderType=cv2.BORDER_REPLICATE)
    log_gain = smooth[..., :3] / np.maximum(smooth[..., 3:], 1e-3)
    limit = float(np.log(_MOST_GAIN))
    return np.exp(np.clip(log_gain, -limit, limit)).astype(np.float32)


def _median(stack: NDArray[np.float32]) -> NDArray[np.float32]:
    """Over the first axis, of the finite values; 0 where there is none."""
    ordered = np.sort(stack, axis=0)  # NaN last
    count = np.isfinite(ordered).sum(axis=0, keepdims=True)
    middle = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=0)[0]
    return np.nan_to_num(middle)


def _warped(layer: Layer, canvas_to_part: FloatArray, size: tuple[int, int]) -> Picture:
    """The layer as seen in a part of the canvas."""
    matrix = canvas_to_part @ layer.to_canvas
    flags = cv2.INTER_LINEAR
    rgb = cv2.warpPerspective(layer.rgb, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return cast("Picture", rgb)


def _fill(stack: Picture, areas: Picture, rgb: Picture, seen: BoolArray) -> None:
    """Write what the layers show where nothing is written yet, from the best level that a place has often."""
    least = np.full(seen.shape, BESIDE, np.uint8)
    for level in (OPEN, CLEAR):
        often = np.count_nonzero(areas >= level, axis=0) >= _FEWEST_BESIDE_PEOPLE
        np.copyto(least, np.uint8(level), where=often)
    near_people = np.any((areas > 0) & (areas < CLEAR), axis=0)
    values, count = _masked_quantile(stack, areas >= least, np.where(near_people, _BRIGHTER, 0.5))
    beside_people = np.any((areas > 0) & (areas < least), axis=0)
    found = (count >= np.where(beside_people, _FEWEST_BESIDE_PEOPLE, 1)) & ~seen
    cv2.copyTo(values, found.astype(np.uint8), rgb)
    np.logical_or(seen, found, out=seen)


def _masked_quantile(
    stack: Picture, open_: BoolArray, quantile: float | FloatArray
) -> tuple[Picture, NDArray[np.uint8]]:
    """(layers, rows, columns, 3), changed, and a mask -> a quantile of the open ones, and their number."""
    for view, free in zip(stack, open_, strict=True):
        closed = np.where(free, np.uint8(0), np.uint8(255))
        cv2.bitwise_or(view, cv2.merge([closed] * 3), dst=view)  # last in order, beyond what counts
    _sort_layers(stack)
    count = open_.sum(axis=0, dtype=np.uint8)
    place = ((np.maximum(count, 1) - 1) * quantile).round().astype(np.uint8)
    values = np.take_along_axis(stack, place[None, :, :, None], axis=0)[0]
    return values, count


def _sort_layers(stack: Picture) -> None:
    """Sort along the first axis, in place: Batcher's odd-even merge, one comparison for all pixels at a time.

    numpy.sort along this axis takes ten times as long.
    """
    layers = len(stack)
    block = 1
    while block < layers:
        step = block
        while step >= 1:
            for start in range(step % block, layers - step, 2 * step):
                for low in range(start, min(start + step, layers - step)):
                    if low // (2 * block) == (low + step) // (2 * block):
                        lower = np.minimum(stack[low], stack[low + step])
                        np.maximum(stack[low], stack[low + step], out=stack[low + step])
                        stack[low] = lower
            step //= 2
        block *= 2


def _blur_unseen(rgb: Picture, seen: BoolArray) -> None:
    """What was not seen becomes a blur of what was, the farther the coarser (pull-push, Gortler 1996)."""
    height, width = seen.shape
    small = (max(1, width // _SHRINK), max(1, height // _SHRINK))
    shown = cv2.resize(rgb, small, interpolation=cv2.INTER_AREA).astype(np.float32)
    weight = cv2.resize(seen.astype(np.float32), small, interpolation=cv2.INTER_AREA)
    filled = _pulled(np.dstack([shown, weight]).astype(np.float32, copy=False))
    blurred = cv2.resize(filled, (width, height), interpolation=cv2.INTER_LINEAR)
    np.copyto(rgb, np.clip(blurred, 0, 255).astype(np.uint8), where=~seen[..., None])


def _pulled(shown: Gain) -> Gain:
    """(rows, columns, 4), color x weight and weight -> (rows, columns, 3) color everywhere."""
    rows, columns = shown.shape[:2]
    weight = shown[..., 3:]
    color = (shown[..., :3] / np.maximum(weight, 1e-6)).astype(np.float32)
    if min(rows, columns) <= 1 or weight.min() >= 1:
        return color
    half_size = (max(1, columns // 2), max(1, rows // 2))
    half = cast("Gain", cv2.resize(shown, half_size, interpolation=cv2.INTER_AREA))
    coarse = cv2.resize(_pulled(half), (columns, rows), interpolation=cv2.INTER_LINEAR)
    return (color * weight + coarse * (1 - weight)).astype(np.float32)
