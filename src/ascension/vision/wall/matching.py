"""Are two pictures of the same wall? Then where each place of one lies in the other."""

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.errors.jobs import WallPictureMissing, WallsDiffer, WallTextureMissing
from ascension.vision.region import Picture

MAX_BYTES: Final = 8 * 2**20
MAX_SIDE_PX: Final = 4096
_SIDE_PX: Final = 1400
"""Points are looked for at this size of the longer side, at most."""
_MOST_POINTS: Final = 4000
_FEWEST_POINTS: Final = 40
_CLEARER: Final = 0.8
"""A point's best partner must be so much nearer than its second best (Lowe 2004)."""
_EDGE_PX: Final = 5
_SEEN_ALPHA: Final = 255
_WITHIN_PX: Final = 4.0
"""What stands out from the wall moves against it when the camera stands elsewhere."""
_ITERATIONS: Final = 20_000
_FEWEST_SPREAD: Final = 0.02
"""Of the smaller wall, the area that agreeing points span: one volume in common is no wall in common."""
_SCALES: Final = (0.15, 7.0)


@dataclass(frozen=True)
class PictureMatch:
    """second_to_first: (3, 3) pixels of the second picture to pixels of the first; inliers: points of both
    that agree, first_px and second_px (n, 2) where they are; confidence: 0-1
    """

    second_to_first: FloatArray
    first_px: FloatArray
    second_px: FloatArray
    confidence: float

    @property
    def inliers(self) -> int:
        return len(self.first_px)


@dataclass(frozen=True)
class Points:
    """What a picture is recognized by: (n, 2) places in its pixels, and how each looks."""

    places: FloatArray
    features: NDArray[np.float32]
    seen_px: int


def match(first_webp: bytes, second_webp: bytes) -> PictureMatch:
    """How the wall of the second picture lies on that of the first.

    Raises WallPictureMissing for what is no WebP of ours or too large, WallTextureMissing where a wall has
    next to nothing on it, WallsDiffer.
    """
    return matched(points_of(first_webp), points_of(second_webp))


def matched(first: Points, second: Points) -> PictureMatch:
    """The same from the points of both, which serve again with a third.

    SIFT points (Lowe 2004) where the wall was seen, a homography by MAGSAC++ (Barath 2020), and the test of
    Brown and Lowe (2007) whether so many agreeing points can be chance: more than 8 + 0.3 of all pairs.

    Raises WallsDiffer. Known limits: one plane; a wall that was set anew is another wall.
    """
    pairs = _pairs(first, second)
    if len(pairs) < 4:
        raise WallsDiffer
    own, other = first.places[pairs[:, 0]], second.places[pairs[:, 1]]
    found, mask = cast(
        "tuple[FloatArray | None, NDArray[np.uint8]]",
        cv2.findHomography(other, own, cv2.USAC_MAGSAC, _WITHIN_PX, maxIters=_ITERATIONS, confidence=0.9999),
    )
    if found is None:
        raise WallsDiffer
    agree: BoolArray = mask.ravel() > 0
    needed = 8 + 0.3 * len(pairs)
    inliers = int(agree.sum())
    if inliers <= needed or not _sound(found, own[agree], other[agree], min(first.seen_px, second.seen_px)):
        raise WallsDiffer
    found /= np.median(_depths(found, other[agree]))
    confidence = min(0.5 + 0.5 * (inliers - needed) / needed, 0.99)
    return PictureMatch(found, own[agree], other[agree], confidence)


def size_px(webp: bytes) -> tuple[int, int] | None:
    """Width and height out of a WebP's header, nothing decoded; None: it is no WebP."""
    if webp[:4] != b"RIFF" or webp[8:12] != b"WEBP" or len(webp) < 30:
        return None
    kind, body = webp[12:16], webp[20:30]
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return width, height
    return None


def points_of(webp: bytes) -> Points:
    """Raises WallPictureMissing, WallTextureMissing."""
    size = size_px(webp)
    if len(webp) > MAX_BYTES or size is None or not all(16 <= side <= MAX_SIDE_PX for side in size):
        raise WallPictureMissing
    picture = cast("Picture | None", cv2.imdecode(np.frombuffer(webp, np.uint8), cv2.IMREAD_UNCHANGED))
    if picture is None or picture.shape[:2] != size[::-1] or picture.ndim != 3:
        raise WallPictureMissing
    shrink = min(1.0, _SIDE_PX / max(size))
    gray = cv2.cvtColor(np.ascontiguousarray(picture[..., :3]), cv2.COLOR_BGR2GRAY)
    whole = np.full(gray.shape, 255, np.uint8)
    if picture.shape[2] == 4:
        whole[picture[..., 3] < _SEEN_ALPHA] = 0
    if shrink < 1:
        gray = cv2.resize(gray, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        whole = cv2.resize(whole, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_NEAREST)
    mask = cv2.erode(whole, np.ones((2 * _EDGE_PX + 1, 2 * _EDGE_PX + 1), np.uint8), borderValue=0)
    even = cv2.createCLAHE(2.0, (8, 8)).apply(gray)
    points, found = cv2.SIFT.create(nfeatures=_MOST_POINTS).detectAndCompute(even, mask)
    features = cast("NDArray[np.float32] | None", found)
    if features is None or len(points) < _FEWEST_POINTS:
        raise WallTextureMissing
    # centers of pixels lie at whole numbers, in the small picture, too
    places = (np.array([point.pt for point in points]) + 0.5) / shrink - 0.5
    return Points(places, features, int(np.count_nonzero(whole) / shrink**2))


def _pairs(first: Points, second: Points) -> NDArray[np.int64]:
    """(n, 2) indices of points that are each other's best partner, and clearly."""
    there, back = _clear(first, second), _clear(second, first)
    return np.array([(i, j) for i, j in there.items() if back.get(j) == i], np.int64).reshape(-1, 2)


def _clear(one: Points, other: Points) -> dict[int, int]:
    found: dict[int, int] = {}
    for best in cv2.BFMatcher(cv2.NORM_L2).knnMatch(one.features, other.features, k=2):
        if len(best) == 2 and best[0].distance < _CLEARER * best[1].distance:
            found[best[0].queryIdx] = best[0].trainIdx
    return found


def _sound(matrix: FloatArray, own: FloatArray, other: FloatArray, seen_px: int) -> bool:
    """A camera could have seen it so: not mirrored, in front of it, of a likely size, more than one thing."""
    depth = _depths(matrix, other)
    if not (depth > 0).all() and not (depth < 0).all():
        return False
    hulls = [cv2.contourArea(cv2.convexHull(places.astype(np.float32))) for places in (own, other)]
    if min(hulls) < _FEWEST_SPREAD * seen_px:
        return False
    middle = other.mean(axis=0)
    about = middle + np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    mapped = cv2.perspectiveTransform(about[None], matrix)[0]
    area = float(np.linalg.det(mapped[1:] - mapped[0]))
    return _SCALES[0] ** 2 < area < _SCALES[1] ** 2


def _depths(matrix: FloatArray, places: FloatArray) -> FloatArray:
    """(n,) of one sign where places lie on one side of the horizon."""
    depths: FloatArray = places @ matrix[2, :2] + matrix[2, 2]
    return depths
