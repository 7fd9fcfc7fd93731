"""How long a pixel of the wall is: from four corners, a known distance, the climber's height, or not at all.

Every result says how far it may be off, in percent, nine times of ten, and what was assumed for that.
Lengths *on the wall* (from hold to hold) carry `error_pct`. Places of the *body* carry the parallax
besides: joints are 0.2-0.6 m off the wall, so seen from a distance D they look about d / D too large.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ascension.biomechanics.conventions import VISIBLE, Landmark
from ascension.biomechanics.poses import BoolArray, FloatArray
from ascension.biomechanics.wall import maps_of_four_points

ScaleMethod = Literal["corners", "distance", "height", "none"]

BODY_OFFSET_M: Final = 0.35
BODY_OFFSET_SPREAD_M: Final = 0.12
"""How far joints are off the wall: 0.2-0.6 m for hips, less for hands and feet."""
_FOCAL_OF_SIDE: Final = 0.8
"""Focal length of a phone's main camera in longer picture sides: 26 mm equivalent, cropped for video."""
_FOCAL_SPREAD: Final = 0.2
_MARK_PX: Final = 2.0
"""How well a person marks a point in the picture."""
_SLANT_PCT: Final = 4.0
"""One distance does not tell how the wall leans away: up to 20 degrees shorten lengths across it by 6 %."""
_VIEW_PCT: Final = 11.0
"""A wall that is seen at 35-50 degrees, from aside or from below, looks 10-25 % shorter, and nothing tells it
while the climber turns to the camera. With it 24 of 26 rendered scenes lie within what is stated, with the
4 % of a slant 22."""
_NINE_OF_TEN: Final = 1.645
"""Standard deviations to either side that hold nine of ten."""
_PROPORTIONS_PCT: Final = 4.0
"""People of one height differ so much in the sum of these segments; clothes and landmarks add to it."""
_NEAR_FULL_LENGTH: Final = 0.8
_NEAR_FULL_SEGMENT: Final = 0.8
"""Of the frames and of the segments: legs on a wall may point at the camera all the time.
By these, on 20 rendered scenes, the body comes out 0.5 % too large (standard deviation 2.5 %). By the median
of the segments at the 90th percentile, trunks as in the paper, it was 5 % too small (6 %)."""
_SHOULDERS_OF_HEIGHT: Final = 0.2
"""Between the landmarks of shoulders seen from behind: 0.18-0.22 on those scenes, 0.08 from the side."""
_WIDEST_SHOULDERS: Final = 0.9
_MOST_NARROWED: Final = 0.6
"""Shoulders narrower than this share: the wall they are parallel to is seen at more than 53 degrees."""
_FEWEST_FRAMES: Final = 15
_FEWEST_SEGMENTS: Final = 3
_SMALLEST_PX: Final = 20.0
_SHORTEST_M: Final = 0.5
_TALLEST_M: Final = 2.6

_SEGMENTS: Final = (
    (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, 0.245),
    (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE, 0.245),
    (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE, 0.246),
    (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE, 0.246),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, 0.311),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, 0.311),
)
"""Two joints and their distance in body heights: Drillis & Contini 1966, as in Winter, Biomechanics and Motor
Control of Human Movement, fig. 4.1, but for the trunk (0.288 there): the network puts shoulders and hips 8 %
farther apart, on the rendered scenes; on two real clips its trunks are longer yet against its shanks."""


@dataclass(frozen=True)
class Scale:
    """The length of a wall pixel, and how sure that is.

    unit_per_px:  at the middle of what was measured, in `unit`
    wall_to_unit: (3, 3) from wall pixels to `unit` on the wall's plane. From corners it removes the slant as
                  well, origin at the first corner; else a pixel is as long everywhere
    unit:         "m", or "torso" when nothing tells the size
    error_pct:    lengths on the wall are off by less, nine times of ten; None in torso lengths
    parallax_pct: how much larger the body looks than the wall behind it; None where the distance is not known
    reason:       what it rests on and what was assumed, a sentence
    """

    unit_per_px: float
    wall_to_unit: FloatArray
    unit: Literal["m", "torso"]
    method: ScaleMethod
    error_pct: float | None
    parallax_pct: float | None
    reason: str


def scale_from_corners(
    corners_px: FloatArray, width_m: float, height_m: float, picture_side_px: float
) -> Scale:
    """From a rectangle on the wall.

    corners_px: (4, 2) wall pixels: top left, top right, bottom right, bottom left as it hangs;
    picture_side_px: longer side of the frame, for the guess of the distance. Raises ValueError for corners
    that do not form a convex quadrangle in that order and for sizes that are not positive.
    """
    _check_length(width_m, 0.05, 50.0)
    _check_length(height_m, 0.05, 50.0)
    edges = np.roll(corners_px, -1, axis=0) - corners_px
    following = np.roll(edges, -1, axis=0)
    turns = edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0]
    shortest_px = float(np.linalg.norm(edges, axis=1).min())
    if not np.all(turns > 0) or shortest_px < _SMALLEST_PX:
        raise ValueError(
            "the corners must be top left, top right, bottom right, bottom left of a rectangle, "
            f"at least {_SMALLEST_PX:.0f} px apart"
        )
    meters = np.array([[0, 0], [width_m, 0], [width_m, height_m], [0, height_m]], np.float64)
    matrix = maps_of_four_points(corners_px, meters[None])[0]
    unit_per_px = _length_at(matrix, corners_px.mean(axis=0))
    distance_m = _camera_distance_m(unit_per_px, picture_side_px)
    return Scale(
        unit_per_px,
        matrix,
        "m",
        "corners",
        round(_NINE_OF_TEN * 100 * _MARK_PX * np.sqrt(2) / shortest_px, 2),
        _parallax_pct(distance_m),
        f"From a rectangle of {width_m:g} x {height_m:g} m; corners marked to {_MARK_PX:g} px. "
        + _distance_words(distance_m),
    )


def scale_from_distance(ends_px: FloatArray, distance_m: float, picture_side_px: float) -> Scale:
    """From two points on the wall, (2, 2) wall pixels, that are `distance_m` apart.

    Raises ValueError when they nearly coincide or the distance is not positive. Known limit: a wall that is
    seen on a slant is not straightened; lengths in other directions and places are off by more.
    """
    _check_length(distance_m, 0.05, 50.0)
    length_px = float(np.linalg.norm(ends_px[1] - ends_px[0]))
    if length_px < _SMALLEST_PX:
        raise ValueError(f"the two points must be at least {_SMALLEST_PX:.0f} px apart")
    unit_per_px = distance_m / length_px
    camera_m = _camera_distance_m(unit_per_px, picture_side_px)
    return Scale(
        unit_per_px,
        np.diag([unit_per_px, unit_per_px, 1.0]),
        "m",
        "distance",
        round(_NINE_OF_TEN * float(np.hypot(100 * _MARK_PX * np.sqrt(2) / length_px, _SLANT_PCT)), 2),
        _parallax_pct(camera_m),
        f"From a distance of {distance_m:g} m, marked to {_MARK_PX:g} px; a wall on a slant adds "
        f"{_SLANT_PCT:g} %. " + _distance_words(camera_m),
    )


def scale_from_height(
    landmarks_wall_px: FloatArray, visibility: FloatArray, height_m: float, picture_side_px: float
) -> Scale:
    """From the climber's height by the lengths of thighs, shanks and trunk.

    landmarks_wall_px: (frames, 33, 2) wall pixels, NaN where unknown; visibility: (frames, 33). A segment
    that points towards the camera looks too short, none looks too long: so the 80th percentile over the clip
    is taken for its length, and again over the segments for the body. The body is nearer to the camera
    than the wall, which the assumed offset of 0.35 m takes out. Climbers face the wall: where their shoulders
    look narrow the wall is seen from the side, which is added to the error (half of what lengths along the
    wall are shortened by). Known limit: how far the wall leans, and whether the climber turns to a camera
    that stands aside, is not known; the error allows for about 35 degrees.

    Raises ValueError when the height is not a person's, fewer than 3 of 6 segments were seen in 15 frames,
    or the wall is seen from so far aside that a pixel has no one length.
    """
    _check_length(height_m, _SHORTEST_M, _TALLEST_M)
    heights_px = [
        float(np.quantile(lengths, _NEAR_FULL_LENGTH)) / share
        for lengths, share in _segment_lengths(landmarks_wall_px, visibility)
        if len(lengths) >= _FEWEST_FRAMES
    ]
    if len(heights_px) < _FEWEST_SEGMENTS:
        raise ValueError("too few segments of the body were seen long enough to measure its height")
    body_px = float(np.quantile(heights_px, _NEAR_FULL_SEGMENT))
    narrowed = _narrowed_shoulders(landmarks_wall_px, body_px)
    if narrowed < _MOST_NARROWED:
        raise ValueError("not measurable from this view: the wall is seen from the side")
    body_m_per_px = height_m / body_px
    distance_m = _camera_distance_m(body_m_per_px, picture_side_px) + BODY_OFFSET_M
    unit_per_px = body_m_per_px * distance_m / (distance_m - BODY_OFFSET_M)
    return Scale(
        unit_per_px,
        np.diag([unit_per_px, unit_per_px, 1.0]),
        "m",
        "height",
        _error_by_height_pct(distance_m, narrowed),
        _parallax_pct(distance_m),
        f"From a body height of {height_m:g} m by {len(heights_px)} segments. " + _distance_words(distance_m),
    )


def _error_by_height_pct(distance_m: float, narrowed: float) -> float:
    """Of proportions, the body's offset, the camera's distance, the unknown and the known slant."""
    parts_pct = (
        _PROPORTIONS_PCT,
        100 * BODY_OFFSET_SPREAD_M / distance_m,
        100 * _FOCAL_SPREAD * BODY_OFFSET_M / distance_m,
        _VIEW_PCT,
        100 * (1 - narrowed) / 2,
    )
    return round(_NINE_OF_TEN * float(np.linalg.norm(parts_pct)), 2)


def _narrowed_shoulders(landmarks_px: FloatArray, body_px: float) -> float:
    """Width of the shoulders where they look wide, by what a body of this height has; at most 1."""
    across = landmarks_px[:, Landmark.LEFT_SHOULDER] - landmarks_px[:, Landmark.RIGHT_SHOULDER]
    widths_px = np.linalg.norm(across, axis=1)
    widest_px = float(np.nanquantile(widths_px, _WIDEST_SHOULDERS))
    return min(1.0, widest_px / (_SHOULDERS_OF_HEIGHT * body_px))


def scale_from_torso(torso_px: float) -> Scale:
    """Nothing tells the size: lengths are given in torso lengths."""
    return Scale(
        1 / torso_px,
        np.diag([1 / torso_px, 1 / torso_px, 1.0]),
        "torso",
        "none",
        None,
        None,
        "No height, distance or corners were given: lengths are in torso lengths.",
    )


def _segment_lengths(landmarks_px: FloatArray, visibility: FloatArray) -> list[tuple[FloatArray, float]]:
    found: list[tuple[FloatArray, float]] = []
    for first, second, share in _SEGMENTS:
        lengths = np.linalg.norm(landmarks_px[:, first] - landmarks_px[:, second], axis=1)
        seen: BoolArray = np.isfinite(lengths)
        seen &= np.nan_to_num(np.minimum(visibility[:, first], visibility[:, second])) >= VISIBLE
        found.append((lengths[seen], share))
    return found


def _check_length(length_m: float, shortest_m: float, longest_m: float) -> None:
    if not shortest_m <= length_m <= longest_m:
        raise ValueError(f"{length_m} m is not between {shortest_m} and {longest_m} m")


def _length_at(matrix: FloatArray, place_px: FloatArray) -> float:
    """Mean length of a pixel at a place: the square root of how the map changes areas there."""
    depth = float(matrix[2] @ np.append(place_px, 1.0))
    return float(np.sqrt(abs(np.linalg.det(matrix)) / abs(depth) ** 3))


def _camera_distance_m(m_per_px: float, picture_side_px: float) -> float:
    return _FOCAL_OF_SIDE * picture_side_px * m_per_px


def _parallax_pct(distance_m: float) -> float:
    return round(100 * BODY_OFFSET_M / max(distance_m - BODY_OFFSET_M, BODY_OFFSET_M), 1)


def _distance_words(distance_m: float) -> str:
    return (
        f"The camera is taken to be {distance_m:.1f} m away (focal length of a phone, "
        f"+-{100 * _FOCAL_SPREAD:.0f} %) and the body {BODY_OFFSET_M:g} m (0.2-0.6 m) off the wall."
    )
