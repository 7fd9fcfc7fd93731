"""A picture of the wall without the climber, out of the clip's own pixels.

A few frames are kept while the clip is read; at the end they are laid onto the wall, people cut out, and each
place shows the median of what was seen there. What nobody ever stepped away from stays a hole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import Landmark
from ascension.vision.frame import Frame
from ascension.vision.region import Picture
from ascension.vision.wall import Registration
from ascension.vision.wall_fit import BoolArray, FloatArray, inverse, moved

SAMPLES: Final = 40
SAMPLE_SIDE_PX: Final = 960
"""Longer side of the kept frames: 0.8 MB each."""
LONGEST_SIDE_PX: Final = 2000
JPEG_QUALITY: Final = 85
HOLE_GRAY: Final = 128

_FIRST_STEP: Final = 3
_DEEP: Final = 13
"""Frames that show a place on average: an odd number, so that the median is one where all see the wall."""
_LAID: Final = 25
"""Frames laid over each other at most, when the camera moves."""
_STRIP_ROWS: Final = 64
_REACH: Final = 2.0
"""The picture ends so many frame sizes beyond the reference frame: a view on a slant would fill any size."""
_SMALL_SIDE_PX: Final = 80
_BALANCE_ROUNDS: Final = 3
_MOST_GAIN: Final = 2.0
_LIGHT_SPREAD_PX: Final = 10
"""Of the small pictures: light differs smoothly from frame to frame; what is finer is the wall itself."""
_DARKEST: Final = 8
_EDGE_PX: Final = 2
"""Left out around each frame, where interpolation and the codec's edges meet the outside."""
_WIDE, _NARROW = 1.0, 0.85
"""Margins around people: the narrow one where the wide one leaves a hole."""
_BOX_MARGIN: Final = 0.05
_OPEN, _BESIDE, _PERSON = 255, 192, 128
"""In masks: the wall is seen; it is, but for the wide margin; a person hides it. 0: outside of the frame."""
_FEWEST_BESIDE_PEOPLE: Final = 3
"""Where people were, a place must be seen free in so many frames: a landmark may be wrong in one or two."""

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
_TRUNK: Final = (
    Landmark.LEFT_SHOULDER,
    Landmark.RIGHT_SHOULDER,
    Landmark.LEFT_HIP,
    Landmark.RIGHT_HIP,
)
_FACE: Final = slice(Landmark.NOSE, Landmark.RIGHT_EAR + 1)


@dataclass(frozen=True)
class WallPicture:
    """The wall without people.

    rgb: (height, width, 3), HOLE_GRAY where no frame showed the wall; seen: (height, width) False there
    wall_to_picture: (3, 3) from wall pixels (see Registration) to pixels of this picture
    frames: how many it was made from
    """

    rgb: Picture
    seen: BoolArray
    wall_to_picture: FloatArray
    frames: int

    def jpeg(self) -> bytes:
        """The picture for files and browsers."""
        ok, data = cv2.imencode(
            ".jpg", cv2.cvtColor(self.rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
        )
        if not ok:
            raise RuntimeError("OpenCV could not write a JPEG")
        return data.tobytes()


@dataclass(frozen=True)
class _Sample:
    """A kept frame: its number, its shrunk picture, (people, 4) boxes in pixels of the displayed frame."""

    frame: int
    picture: Frame
    boxes_px: FloatArray


@dataclass(frozen=True)
class _Layer:
    """A kept frame with its place: rgb, a mask of what it shows of the wall, (3, 3) to the canvas."""

    rgb: Picture
    area: Picture
    to_canvas: FloatArray


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
        """The next frame, and generous boxes around all people in it."""
        index = self._count
        self._count += 1
        if index % self._step:
            return
        boxes = np.asarray(boxes_px, np.float64).reshape(-1, 4)
        self._samples.append(_Sample(index, frame.shrunk(self._size), boxes))
        if len(self._samples) > SAMPLES:
            self._samples = self._samples[::2]
            self._step *= 2

    def compose(self, registration: Registration, landmarks_px: FloatArray) -> WallPicture | None:
        """The picture, or None when no kept frame has a place on the wall.

        landmarks_px: (frames, 33, 2) of the climber; NaN where none. There the boxes hide people.
        """
        kept = [sample for sample in self._samples if registration.kind[sample.frame] != "none"]
        if not kept:
            return None
        canvas, wall_to_picture = self._canvas([registration.frame_to_wall[s.frame] for s in kept])
        wanted = min(_LAID, round(_DEEP * canvas[0] * canvas[1] / (self._size[0] * self._size[1])))
        if len(kept) > wanted:
            kept = [kept[index * len(kept) // wanted] for index in range(wanted)]
        frame_from_sample = inverse(self._sample_from_frame)
        layers = [
            _Layer(
                sample.picture.rgb(),
                self._area(sample, landmarks_px[sample.frame]),
                wall_to_picture @ registration.frame_to_wall[sample.frame] @ frame_from_sample,
            )
            for sample in kept
        ]
        layers = _balanced(layers, canvas)
        rgb, seen = _laid_over(layers, canvas)
        return WallPicture(rgb, seen, wall_to_picture, len(layers))

    def _canvas(self, frame_to_wall: list[FloatArray]) -> tuple[tuple[int, int], FloatArray]:
        """Width and height, and the map from wall pixels to the picture."""
        width, height = self._frame_size
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]])
        places = np.concatenate([moved(matrix, corners) for matrix in frame_to_wall])
        low = np.maximum(places.min(axis=0), -_REACH * self._frame_size)
        high = np.minimum(places.max(axis=0), (1 + _REACH) * self._frame_size)
        scale = min(float(self._sample_from_frame[0, 0]), LONGEST_SIDE_PX / float((high - low).max()))
        size = np.maximum(1, np.floor((high - low) * scale)).astype(int)
        shift = -low * scale
        return (int(size[0]), int(size[1])), np.array([[scale, 0, shift[0]], [0, scale, shift[1]], [0, 0, 1]])

    def _area(self, sample: _Sample, landmarks_px: FloatArray) -> Picture:
        """The mask: the frame without its rim, other people's boxes, the climber's body with both margins."""
        known = bool(np.isfinite(landmarks_px).all())
        own = _own_box(sample.boxes_px, landmarks_px) if known else None
        area = np.full((self._size[1], self._size[0]), _OPEN, np.uint8)
        if known:
            body = moved(self._sample_from_frame, landmarks_px)
            _hide_body(area, body, _WIDE, _BESIDE)
            _hide_body(area, body, _NARROW, _PERSON)
        for number, box in enumerate(sample.boxes_px):
            if number != own:
                _hide_box(area, moved(self._sample_from_frame, box.reshape(2, 2)))
        area[:_EDGE_PX], area[-_EDGE_PX:], area[:, :_EDGE_PX], area[:, -_EDGE_PX:] = 0, 0, 0, 0
        return area


def _own_box(boxes_px: FloatArray, landmarks_px: FloatArray) -> int | None:
    """Which box is the climber's: the one around the trunk's middle whose own middle is nearest to it."""
    trunk = landmarks_px[list(_TRUNK)].mean(axis=0)
    around = np.all((boxes_px[:, :2] <= trunk) & (trunk <= boxes_px[:, 2:]), axis=1)
    if not around.any():
        return None
    distances = np.linalg.norm((boxes_px[:, :2] + boxes_px[:, 2:]) / 2 - trunk, axis=1)
    return int(np.argmin(np.where(around, distances, np.inf)))


def _hide_box(area: Picture, corners: FloatArray) -> None:
    margin = _BOX_MARGIN * float((corners[1] - corners[0]).max())
    left, top = (int(max(0.0, value)) for value in corners[0] - margin)
    right, bottom = (int(max(0.0, value)) for value in corners[1] + margin)
    area[top:bottom, left:right] = _PERSON


def _hide_body(area: Picture, body: FloatArray, margin: float, value: int) -> None:
    shoulders = (body[Landmark.LEFT_SHOULDER] + body[Landmark.RIGHT_SHOULDER]) / 2
    hips = (body[Landmark.LEFT_HIP] + body[Landmark.RIGHT_HIP]) / 2
    reach = float(np.ptp(body[:, 1]))
    torso = max(float(np.linalg.norm(shoulders - hips)), 0.2 * reach)  # a bent trunk looks short
    for first, second, radius in _LIMBS:
        thickness = max(1, round(2 * radius * margin * torso))
        cv2.line(area, _pixel(body[first]), _pixel(body[second]), (value,), thickness)
    head = body[_FACE].mean(axis=0)
    cv2.line(area, _pixel(head), _pixel(shoulders), (value,), max(1, round(0.9 * margin * torso)))


def _pixel(place: FloatArray) -> tuple[int, int]:
    x, y = np.clip(place, -20000, 20000).round().astype(int)
    return int(x), int(y)


def _balanced(layers: list[_Layer], canvas: tuple[int, int]) -> list[_Layer]:
    """The phone's exposure changes and its lens flares: each frame's light is fitted to the median of all.

    The gain of each color varies slowly over the frame, so that it evens light out but leaves the wall.
    """
    shrink = min(1.0, _SMALL_SIDE_PX / max(canvas))
    size = (max(1, round(canvas[0] * shrink)), max(1, round(canvas[1] * shrink)))
    smaller = np.diag([size[0] / canvas[0], size[1] / canvas[1], 1.0])
    views = [_warped(layer, smaller, size) for layer in layers]
    stack = np.stack([rgb for rgb, _ in views]).astype(np.float32)
    stack[np.stack([area for _, area in views]) < 255] = np.nan
    gains = np.ones_like(stack)
    for _ in range(_BALANCE_ROUNDS):
        level = _median(stack * gains)
        gains = np.stack([_gain(view, level) for view in stack])
    return [
        _Layer(_lit(layer, gain, smaller), layer.area, layer.to_canvas)
        for layer, gain in zip(layers, gains, strict=True)
    ]


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


def _lit(layer: _Layer, gain: NDArray[np.float32], canvas_to_gain: FloatArray) -> Picture:
    """The layer's picture under a gain that is known on the small canvas."""
    rows, columns = layer.rgb.shape[:2]
    small = (max(1, columns // 8), max(1, rows // 8))
    from_small = np.diag([columns / small[0], rows / small[1], 1.0])
    back = inverse(canvas_to_gain @ layer.to_canvas @ from_small)
    own = cv2.warpPerspective(gain, back, small, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    factor = cv2.resize(own, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return cast("Picture", cv2.multiply(layer.rgb, factor, dtype=cv2.CV_8U))


def _median(stack: NDArray[np.float32]) -> NDArray[np.float32]:
    """Over the first axis, of the finite values; 0 where there is none."""
    ordered = np.sort(stack, axis=0)  # NaN last
    count = np.isfinite(ordered).sum(axis=0, keepdims=True)
    middle = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=0)[0]
    return np.nan_to_num(middle)


def _warped(layer: _Layer, canvas_to_part: FloatArray, size: tuple[int, int]) -> tuple[Picture, Picture]:
    """The layer and its mask as seen in a part of the canvas."""
    matrix = canvas_to_part @ layer.to_canvas
    rgb = cv2.warpPerspective(
        layer.rgb, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    area = cv2.warpPerspective(layer.area, matrix, size, flags=cv2.INTER_NEAREST)
    return cast("Picture", rgb), cast("Picture", area)


def _laid_over(layers: list[_Layer], canvas: tuple[int, int]) -> tuple[Picture, BoolArray]:
    """The median of the layers, strip by strip: all of them at once would need 300 MB."""
    width, height = canvas
    rgb = np.full((height, width, 3), HOLE_GRAY, np.uint8)
    seen = np.zeros((height, width), np.bool_)
    for top in range(0, height, _STRIP_ROWS):
        rows = min(_STRIP_ROWS, height - top)
        part = np.array([[1, 0, 0], [0, 1, -top], [0, 0, 1]], np.float64)
        views = [_warped(layer, part, (width, rows)) for layer in layers if _reaches(layer, top, rows)]
        views = [(view, area) for view, area in views if area.any()]
        if views:
            stack, areas = np.stack([view for view, _ in views]), np.stack([area for _, area in views])
            for least in (_OPEN, _BESIDE):
                _fill(stack, areas, least, rgb[top : top + rows], seen[top : top + rows])
    return rgb, seen


def _reaches(layer: _Layer, top: int, rows: int) -> bool:
    """Whether the layer may show something of these rows of the canvas."""
    height, width = layer.area.shape
    corners = moved(layer.to_canvas, np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64))
    return bool(corners[:, 1].min() < top + rows and corners[:, 1].max() > top)


def _fill(stack: Picture, areas: Picture, least: int, rgb: Picture, seen: BoolArray) -> None:
    """Write into a strip what its layers show, where nothing is written yet; `least` value of what counts."""
    gaps = np.flatnonzero(~seen.all(axis=0))
    if not len(gaps):
        return
    columns = slice(int(gaps[0]), int(gaps[-1]) + 1)
    areas = areas[:, :, columns]
    values, count = _masked_median(stack[:, :, columns].copy(), areas >= least)
    beside_people = np.any((areas > 0) & (areas < least), axis=0)
    found = count >= np.where(beside_people, _FEWEST_BESIDE_PEOPLE, 1)
    fresh = found & ~seen[:, columns]
    rgb[:, columns][fresh] = values[fresh]
    seen[:, columns] |= found


def _masked_median(stack: Picture, open_: BoolArray) -> tuple[Picture, NDArray[np.uint8]]:
    """(layers, rows, columns, 3) and a mask -> the median of what is open, and how many are."""
    for view, free in zip(stack, open_, strict=True):
        closed = np.where(free, np.uint8(0), np.uint8(255))
        cv2.bitwise_or(
            view, cv2.merge([closed, closed, closed]), dst=view
        )  # last in order, beyond what counts
    _sort_layers(stack)
    count = open_.sum(axis=0, dtype=np.uint8)
    middle = np.maximum(count, 1) - 1 >> 1
    values = np.take_along_axis(stack, middle[None, :, :, None], axis=0)[0]
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
