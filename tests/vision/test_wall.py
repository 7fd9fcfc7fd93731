"""A painted wall, filmed by a camera whose every move is known."""

import time
import tracemalloc
from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ascension.vision.remarks import why_words
from ascension.vision.wall.fit import FloatArray, inverse, moved
from ascension.vision.wall.registration import Registration, WallTracker

WIDTH_PX, HEIGHT_PX = 360, 640
FOCAL_PX = 550.0
FPS = 30.0
GRID = np.stack(np.meshgrid(np.linspace(20, 340, 5), np.linspace(20, 620, 7)), axis=-1).reshape(-1, 2)

Gray = NDArray[np.uint8]
Boxes = list[list[float]]


def painted(seed: int) -> Gray:
    """A wall of 900 x 1400 px: boards, screw holes in a grid, and colored blobs for holds."""
    random = np.random.default_rng(seed)
    grain = np.asarray(cv2.GaussianBlur(random.normal(150, 500, (1400, 900)), (0, 0), 4), np.float64)
    wall = np.clip(grain, 60, 220).astype(np.uint8)
    for row in range(20, 1400, 40):
        for column in range(20, 900, 40):
            cv2.circle(wall, (column, row), 2, (40,), -1)
    for _ in range(90):
        center = (int(random.integers(0, 900)), int(random.integers(0, 1400)))
        axes = (int(random.integers(8, 30)), int(random.integers(8, 30)))
        turn_deg, gray = float(random.integers(0, 180)), int(random.integers(0, 255))
        cv2.ellipse(wall, center, axes, turn_deg, 0, 360, (gray,), -1)
    return wall


WALL = painted(1)
OTHER_WALL = painted(2)


def turned(yaw_deg: float, pitch_deg: float, roll_deg: float) -> FloatArray:
    """(3, 3) from wall pixels to the frame of a camera in front of the wall's middle."""
    camera = np.array([[FOCAL_PX, 0, WIDTH_PX / 2], [0, FOCAL_PX, HEIGHT_PX / 2], [0, 0, 1]])
    rotation, _ = cv2.Rodrigues(np.radians([pitch_deg, yaw_deg, roll_deg]))
    straight = np.array([[1, 0, -450], [0, 1, -700], [0, 0, FOCAL_PX]], np.float64)
    matrix: FloatArray = camera @ rotation.astype(np.float64) @ straight
    return matrix / matrix[2, 2]


def hand_held(frame: int, pan_deg: float) -> FloatArray:
    """A pan there and back, with shake of 0.5 degrees at 3-7 Hz: up to 5 px from frame to frame."""
    t = frame / FPS
    waves = [np.sin(2 * np.pi * hertz * t + hertz) for hertz in (3.1, 6.7, 4.3)]
    pan = pan_deg * np.sin(2 * np.pi * t / 4)
    return turned(pan + 0.5 * waves[0], pan / 2 + 0.5 * waves[1], 0.5 * waves[2])


def filmed(wall: Gray, to_frame: FloatArray, *, light: float = 1.0, noise: float = 2.0) -> Gray:
    picture = cv2.warpPerspective(wall, to_frame, (WIDTH_PX, HEIGHT_PX), flags=cv2.INTER_AREA)
    grain = np.random.default_rng(7).normal(0, noise, (HEIGHT_PX, WIDTH_PX))
    return np.clip(np.asarray(picture, np.float64) * light + grain, 0, 255).astype(np.uint8)


def with_climber(picture: Gray, frame: int, *, width_px: int = 110) -> tuple[Gray, Boxes]:
    """A striped figure, as rich in corners as the wall, climbs on its own way through the picture."""
    left = int(120 + 60 * np.sin(frame / 20))
    top = int(300 - 1.5 * frame) % 400
    figure = np.kron(np.random.default_rng(3).integers(0, 255, (30, width_px // 10)), np.ones((10, 10)))
    shown = picture.copy()
    part = shown[top : top + 240, left : left + figure.shape[1]]
    part[:] = figure[: part.shape[0], : part.shape[1]]
    return shown, [[left, top, left + figure.shape[1], top + part.shape[0]]]


def clip(frames: int, *, pan_deg: float = 6.0, light: float = 1.0) -> Iterator[tuple[Gray, Boxes]]:
    for frame in range(frames):
        yield with_climber(filmed(WALL, hand_held(frame, pan_deg), light=light), frame)


def tracked(pictures: Iterator[tuple[Gray, Boxes]]) -> Registration:
    tracker = WallTracker(WIDTH_PX, HEIGHT_PX)
    for picture, boxes in pictures:
        tracker.see(picture, boxes)
    return tracker.finish()


def errors_px(found: Registration, to_frame: list[FloatArray]) -> FloatArray:
    """(placed frames, points) distance between where the frames' points lie and where they are put."""
    assert found.reference_frame is not None
    reference = to_frame[found.reference_frame]
    return np.array(
        [
            np.linalg.norm(moved(matrix, GRID) - moved(reference @ inverse(true), GRID), axis=1)
            for matrix, true, placed in zip(found.frame_to_wall, to_frame, found.placed, strict=True)
            if placed
        ]
    )


def test_pan_and_shake_with_a_climber_are_followed_to_a_fraction_of_a_pixel() -> None:
    found = tracked(clip(100))
    errors = errors_px(found, [hand_held(frame, 6.0) for frame in range(100)])
    assert set(found.kind) == {"homography"}
    assert np.median(errors) < 0.3
    assert np.percentile(errors, 95) < 1.0
    assert found.reference_frame == 50
    assert found.cut_frames == ()
    assert found.reasons == ()
    assert found.frame_to_wall[50] == pytest.approx(np.eye(3), abs=1e-6)


def test_frames_between_two_measured_ones_lie_where_a_calm_camera_was() -> None:
    """A slow pan: half of the frames are interpolated, and none of them is farther off for it."""
    ways = [turned(6 * np.sin(2 * np.pi * frame / 120), 0, np.sin(frame / 8)) for frame in range(60)]
    tracker = WallTracker(WIDTH_PX, HEIGHT_PX)
    for way in ways:
        tracker.see(filmed(WALL, way), [])
    found = tracker.finish()
    # an interpolated frame takes the points of the frame before it, which hardly ever come out the same
    same = (np.diff(found.residual_px) == 0) & (np.diff(found.inliers) == 0)
    between = np.flatnonzero(same) + 1
    seen = np.setdiff1d(np.arange(60), between)
    assert 20 <= len(between) <= 30
    assert found.placed.all()
    errors = errors_px(found, ways)
    assert np.median(errors[between]) < 1.5 * np.median(errors[seen])
    assert errors.max() < 1.0


def test_somebody_whom_nobody_boxed_does_not_move_the_wall() -> None:
    found = tracked((picture, []) for picture, _ in clip(60))
    errors = errors_px(found, [hand_held(frame, 6.0) for frame in range(60)])
    assert np.median(errors) < 0.5


def test_a_dim_and_noisy_clip_is_followed() -> None:
    found = tracked(clip(60, light=0.15))
    errors = errors_px(found, [hand_held(frame, 6.0) for frame in range(60)])
    assert np.median(errors) < 1.0


def test_changing_exposure_is_no_motion() -> None:
    def brightening() -> Iterator[tuple[Gray, Boxes]]:
        for frame in range(90):
            yield filmed(WALL, turned(0, 0, 0), light=0.5 + frame / 180), []

    found = tracked(brightening())
    errors = errors_px(found, [turned(0, 0, 0)] * 90)
    assert errors.max() < 0.5


def test_light_that_changes_here_and_there_does_not_lose_the_wall() -> None:
    """Within 8 frames a flare comes over two thirds of the picture: too much for points of an old view."""
    ways = [hand_held(frame, 2.0) for frame in range(70)]
    down, right = np.linspace(1, 0, HEIGHT_PX)[:, None], np.linspace(0, 1, WIDTH_PX)
    flare = np.clip(down + 0.25 * np.sin(7 * right) - 0.2, 0, 1)

    def flaring() -> Iterator[tuple[Gray, Boxes]]:
        for frame, way in enumerate(ways):
            strength = np.clip((frame - 29) / 8, 0, 1)
            left = filmed(WALL, way) * (1 - strength * 0.95 * (flare > 0.15))
            yield np.clip(left + strength * flare * 120, 0, 255).astype(np.uint8), []

    found = tracked(flaring())
    assert found.placed.all()
    assert found.cut_frames == ()
    assert np.median(errors_px(found, ways)) < 0.5


def test_motion_blur_is_bridged() -> None:
    """Every tenth frame is smeared over 20 px: none of them may be far off, none after them."""
    kernel = np.zeros((21, 21), np.float32)
    kernel[10] = 1 / 21

    def smeared() -> Iterator[tuple[Gray, Boxes]]:
        for frame, (picture, boxes) in enumerate(clip(90)):
            yield (cv2.filter2D(picture, -1, kernel).astype(np.uint8) if frame % 10 == 9 else picture), boxes

    found = tracked(smeared())
    errors = errors_px(found, [hand_held(frame, 6.0) for frame in range(90)])
    assert found.placed.mean() > 0.95
    assert np.median(errors) < 0.5


def test_coming_back_the_camera_finds_the_wall_where_it_left_it() -> None:
    """Two seconds away and back, over a view that shares nothing with the first: little error is left."""
    found = tracked(clip(121, pan_deg=14.0))
    errors = errors_px(found, [hand_held(frame, 14.0) for frame in range(121)])
    assert found.placed.all()
    ends = moved(found.frame_to_wall[0], GRID) - moved(
        found.frame_to_wall[120] @ hand_held(120, 14.0) @ inverse(hand_held(0, 14.0)), GRID
    )
    assert np.median(np.linalg.norm(ends, axis=1)) < 1.0
    assert np.median(errors) < 1.5


def test_a_cut_to_another_wall_is_told() -> None:
    def two_places() -> Iterator[tuple[Gray, Boxes]]:
        for frame in range(60):
            yield filmed(WALL if frame < 40 else OTHER_WALL, hand_held(frame, 2.0)), []

    found = tracked(two_places())
    assert found.cut_frames == (40,)
    assert found.kind[:40] == ("homography",) * 40
    assert found.kind[40:] == ("none",) * 20
    assert np.isnan(found.frame_to_wall[40:]).all()
    assert "20 frames show another place" in why_words(found.reasons)


@pytest.mark.parametrize(("first", "reference"), [(40, 20), (20, 40)])
def test_the_wall_that_more_frames_show_is_the_wall(first: int, reference: int) -> None:
    found = tracked(
        (filmed(WALL if frame < first else OTHER_WALL, hand_held(frame, 2.0)), []) for frame in range(60)
    )
    assert found.cut_frames == (first,)
    assert found.reference_frame == reference
    assert found.placed.sum() == max(first, 60 - first)


def test_a_cut_on_the_same_wall_keeps_the_wall() -> None:
    moves = [hand_held(frame, 0.0) if frame < 40 else turned(9, 7, 1) for frame in range(80)]
    found = tracked((filmed(WALL, move), []) for move in moves)
    assert found.placed.all()
    assert np.median(errors_px(found, moves)) < 0.5
    assert found.cut_frames == (40,)


def test_a_short_look_away_costs_only_its_own_frames() -> None:
    def with_hand_before_the_lens() -> Iterator[tuple[Gray, Boxes]]:
        for frame, (picture, boxes) in enumerate(clip(60)):
            yield (np.full_like(picture, 90) if 20 <= frame < 26 else picture), boxes

    found = tracked(with_hand_before_the_lens())
    assert [index for index, kind in enumerate(found.kind) if kind == "none"] == list(range(20, 26))
    assert found.cut_frames == ()
    assert "6 frames are too dark" in why_words(found.reasons)
    assert np.median(errors_px(found, [hand_held(frame, 6.0) for frame in range(60)])) < 0.5


def test_a_blank_clip_has_no_wall() -> None:
    found = tracked((np.full((HEIGHT_PX, WIDTH_PX), 3, np.uint8), []) for _ in range(5))
    assert found.kind == ("none",) * 5
    assert found.reference_frame is None
    assert np.isnan(found.frame_to_wall).all()
    assert "5 frames are too dark" in why_words(found.reasons)


def test_a_narrow_strip_of_wall_gives_a_similarity_and_says_so() -> None:
    """Nearly all is covered by people: the strip left over does not hold the far side of the picture."""
    found = tracked((filmed(WALL, hand_held(frame, 0.0)), [[0, 0, WIDTH_PX, 540]]) for frame in range(30))
    assert "similarity" in found.kind
    assert "frames show too little of the wall" in why_words(found.reasons)
    placed = found.frame_to_wall[found.placed]
    assert np.isfinite(placed).all()


def test_nothing_was_seen_at_all() -> None:
    found = WallTracker(WIDTH_PX, HEIGHT_PX).finish()
    assert found.frame_to_wall.shape == (0, 3, 3)
    assert found.reference_frame is None


def test_the_same_clip_gives_the_same_numbers() -> None:
    first, second = (tracked(clip(30)) for _ in range(2))
    assert np.array_equal(first.frame_to_wall, second.frame_to_wall)


def test_memory_does_not_grow_with_the_clip() -> None:
    there_and_back = list(clip(60))
    there_and_back += there_and_back[::-1]
    tracker = WallTracker(WIDTH_PX, HEIGHT_PX)
    for picture, boxes in there_and_back:
        tracker.see(picture, boxes)
    tracemalloc.start()
    for picture, boxes in [*there_and_back, *there_and_back]:
        tracker.see(picture, boxes)
    grown_bytes, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown_bytes < 240 * WIDTH_PX * HEIGHT_PX / 5  # a few new key views at most


def test_a_frame_costs_little() -> None:
    """Three milliseconds are the budget on an idle machine; a slow or busy one gets four times as much."""
    pictures = list(clip(60))
    tracker = WallTracker(WIDTH_PX, HEIGHT_PX)
    began = time.thread_time()
    for picture, boxes in pictures:
        tracker.see(picture, boxes)
    assert (time.thread_time() - began) / 60 < 0.012
