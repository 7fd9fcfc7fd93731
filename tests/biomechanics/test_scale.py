import numpy as np
import pytest

from ascension.biomechanics.conventions import LANDMARK_COUNT, Landmark
from ascension.biomechanics.poses import FloatArray
from ascension.biomechanics.scale import (
    BODY_OFFSET_M,
    Scale,
    scale_from_corners,
    scale_from_distance,
    scale_from_height,
    scale_from_torso,
)

FOCAL_PX = 1000.0
SIDE_PX = 1250.0
"""The camera that the module guesses: a focal length of 0.8 longer sides."""


def seen(points_m: FloatArray, *, lean_deg: float = 0.0, distance_m: float = 5.0) -> FloatArray:
    """(n, 2) pixels of (n, 3) points: x to the right, y down along the wall, z off the wall to the camera."""
    lean = np.radians(lean_deg)
    x, along, off = points_m.T
    y = along * np.cos(lean) - off * np.sin(lean)
    depth = distance_m + along * np.sin(lean) - off * np.cos(lean)
    return np.column_stack([FOCAL_PX * x / depth + 360, FOCAL_PX * y / depth + 640])


def rectangle(width_m: float, height_m: float) -> FloatArray:
    return np.array([[0, 0, 0], [width_m, 0, 0], [width_m, height_m, 0], [0, height_m, 0]])


def on_wall_m(scale: Scale, places_px: FloatArray) -> FloatArray:
    raised = np.column_stack([places_px, np.ones(len(places_px))]) @ scale.wall_to_unit.T
    return raised[:, :2] / raised[:, 2:]


def test_four_corners_straighten_a_leaning_wall() -> None:
    corners_px = seen(rectangle(2.0, 1.5), lean_deg=30)
    scale = scale_from_corners(corners_px, 2.0, 1.5, SIDE_PX)
    holds_m = np.array([[0.3, 0.4, 0], [1.9, -1.2, 0]])
    assert on_wall_m(scale, seen(holds_m, lean_deg=30)) == pytest.approx(holds_m[:, :2], abs=1e-6)
    assert (scale.unit, scale.method) == ("m", "corners")


def test_corners_and_a_distance_agree_on_a_wall_seen_straight() -> None:
    corners_px = seen(rectangle(2.0, 1.5))
    by_corners = scale_from_corners(corners_px, 2.0, 1.5, SIDE_PX)
    by_distance = scale_from_distance(corners_px[:2], 2.0, SIDE_PX)
    assert by_corners.unit_per_px == pytest.approx(5.0 / FOCAL_PX)
    assert by_distance.unit_per_px == pytest.approx(5.0 / FOCAL_PX)
    assert by_distance.parallax_pct == pytest.approx(100 * BODY_OFFSET_M / (5 - BODY_OFFSET_M), abs=0.1)


def test_a_shorter_known_distance_is_less_sure() -> None:
    errors = [scale_from_distance(np.array([[0, 0], [px, 0.0]]), 1.0, SIDE_PX).error_pct for px in (400, 30)]
    assert errors[0] is not None
    assert errors[1] is not None
    assert errors[1] > 2 * errors[0]


@pytest.mark.parametrize(
    "corners",
    [
        [[0, 0], [100, 100], [100, 0], [0, 100]],  # crossed
        [[0, 0], [0, 100], [100, 100], [100, 0]],  # the other way round
        [[0, 0], [100, 0], [100, 5], [0, 5]],  # too small
        [[0, 0], [100, 0], [30, 30], [0, 100]],  # dented
    ],
)
def test_corners_that_are_no_rectangle_are_refused(corners: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="corners"):
        scale_from_corners(np.array(corners, np.float64), 1.0, 1.0, SIDE_PX)


@pytest.mark.parametrize("length_m", [0.0, -1.0, 1000.0, float("nan")])
def test_impossible_lengths_are_refused(length_m: float) -> None:
    ends_px = np.array([[0.0, 0], [200, 0]])
    with pytest.raises(ValueError, match="not between"):
        scale_from_distance(ends_px, length_m, SIDE_PX)
    with pytest.raises(ValueError, match="not between"):
        scale_from_height(*climbing(1.7), length_m, SIDE_PX)


def climbing(height_m: float, *, frames: int = 120) -> tuple[FloatArray, FloatArray]:
    """Wall pixels and visibility of a body of the paper's proportions off the wall, swinging its limbs.

    Legs and trunk swing towards the camera and back, so that most frames show them shortened.
    """
    off = BODY_OFFSET_M
    places = np.full((frames, LANDMARK_COUNT, 3), (0.0, 0.0, off))
    swing = np.radians(60) * np.sin(np.linspace(0, 12, frames))
    for side, x in (("LEFT", -0.15), ("RIGHT", 0.15)):
        hip, knee, ankle, shoulder = (
            Landmark[f"{side}_{part}"] for part in ("HIP", "KNEE", "ANKLE", "SHOULDER")
        )
        places[:, hip] = (x, 0, off)
        places[:, shoulder] = (x / 0.15 * 0.1 * height_m, -0.311 * height_m, off)
        for joint, length in ((knee, 0.245), (ankle, 0.491)):
            places[:, joint] = (x, 0, off)
            places[:, joint, 1] += length * height_m * np.cos(swing)
            places[:, joint, 2] += length * height_m * np.sin(swing) / 10
    pixels = seen(places.reshape(-1, 3)).reshape(frames, LANDMARK_COUNT, 2)
    return pixels, np.ones((frames, LANDMARK_COUNT))


def test_the_climbers_height_gives_the_walls_scale() -> None:
    scale = scale_from_height(*climbing(1.75), 1.75, SIDE_PX)
    assert scale.unit_per_px == pytest.approx(5.0 / FOCAL_PX, rel=0.02)
    assert scale.error_pct is not None
    assert 15 < scale.error_pct < 25
    assert "1.75 m" in scale.reason


def from_aside(places: FloatArray, deg: float) -> FloatArray:
    """The body as a camera far to the side sees it: everything is as high, and narrower."""
    narrow = places.copy()
    narrow[..., 0] *= np.cos(np.radians(deg))
    return narrow


def test_the_farther_the_view_is_from_the_side_the_less_sure_is_the_height() -> None:
    places, visibility = climbing(1.75)
    errors = [
        scale_from_height(from_aside(places, deg), visibility, 1.75, SIDE_PX).error_pct for deg in (0, 30, 45)
    ]
    assert None not in errors
    assert errors == sorted(errors, key=lambda error: error or 0.0)
    assert (errors[2] or 0.0) > 1.5 * (errors[0] or 0.0)


def test_from_the_side_the_height_gives_no_scale() -> None:
    places, visibility = climbing(1.75)
    with pytest.raises(ValueError, match="not measurable from this view"):
        scale_from_height(from_aside(places, 65), visibility, 1.75, SIDE_PX)


def test_legs_that_stay_bent_towards_the_camera_do_not_shrink_the_body() -> None:
    places, visibility = climbing(1.75)
    hips = places[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1].mean(axis=1, keepdims=True)
    legs = [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE, Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]
    places[:, legs, 1] = hips + 0.7 * (places[:, legs, 1] - hips)
    scale = scale_from_height(places, visibility, 1.75, SIDE_PX)
    assert scale.unit_per_px == pytest.approx(5.0 / FOCAL_PX, rel=0.03)


def test_a_body_that_was_hardly_seen_gives_no_scale() -> None:
    places, visibility = climbing(1.75)
    with pytest.raises(ValueError, match="too few segments"):
        scale_from_height(places, visibility * 0.3, 1.75, SIDE_PX)
    with pytest.raises(ValueError, match="too few segments"):
        scale_from_height(places[:10], visibility[:10], 1.75, SIDE_PX)


def test_without_any_size_the_torso_is_the_unit() -> None:
    scale = scale_from_torso(104.0)
    assert scale.unit == "torso"
    assert scale.error_pct is None
    assert on_wall_m(scale, np.array([[104.0, 208.0]]))[0] == pytest.approx((1, 2))
