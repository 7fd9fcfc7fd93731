"""A painted wall before which somebody moves: the picture shows the wall, or says that it cannot."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ascension.biomechanics.conventions import LANDMARK_COUNT, Landmark
from ascension.vision.frame import Colors, Frame
from ascension.vision.wall.picture import (
    LONGEST_SIDE_PX,
    SAMPLES,
    UNSEEN_ALPHA,
    WallPainter,
    WallPicture,
)
from ascension.vision.wall.registration import WallTracker
from tests.vision.test_wall import WALL, filmed, turned

WIDTH_PX, HEIGHT_PX = 360, 640
BODY_GRAY = 255
ARM_PX = {"SHOULDER": -40, "ELBOW": -70, "WRIST": -95, "INDEX": -105, "PINKY": -105, "THUMB": -100}
LEG_PX = {"HIP": 20, "KNEE": 60, "ANKLE": 100, "HEEL": 105, "FOOT_INDEX": 108}
Places = NDArray[np.float64]


def frame_of(gray: NDArray[np.uint8]) -> Frame:
    no_color = np.full((HEIGHT_PX // 2, WIDTH_PX // 2), 128, np.uint8)
    return Frame(0, gray, no_color, no_color, Colors(1, full_range=True), WIDTH_PX, HEIGHT_PX, 0)


def body_at(x: float, y: float) -> Places:
    """(33, 2) a small upright body: head, trunk, arms up, legs down."""
    places = np.full((LANDMARK_COUNT, 2), (x, y - 60.0))
    for side, sign in (("LEFT", -1), ("RIGHT", 1)):
        for name, down in (ARM_PX | LEG_PX).items():
            places[Landmark[f"{side}_{name}"]] = (x + 14 * sign, y + down)
    return places


def with_body(gray: NDArray[np.uint8], body: Places) -> NDArray[np.uint8]:
    shown = gray.copy()
    for first, second in ((11, 15), (12, 16), (11, 23), (12, 24), (11, 24), (23, 31), (24, 32)):
        cv2.line(shown, body[first].astype(int).tolist(), body[second].astype(int).tolist(), (BODY_GRAY,), 14)
    return shown


def painted_by(bodies: list[Places], *, known: bool = True) -> WallPicture:
    """The picture from a film of these bodies, one frame each; `known`: their landmarks are given."""
    return filmed_and_painted(bodies, known=known, sway_deg=0.0)[0]


def filmed_and_painted(bodies: list[Places], *, known: bool, sway_deg: float) -> tuple[WallPicture, int]:
    """The picture, and the frame whose pixels are those of the wall."""
    tracker, painter = WallTracker(WIDTH_PX, HEIGHT_PX), WallPainter(WIDTH_PX, HEIGHT_PX)
    for number, body in enumerate(bodies):
        yaw_deg = sway_deg * np.sin(number / 8)
        light = 0.7 + 0.2 * np.sin(number / 15)
        gray = with_body(filmed(WALL, turned(yaw_deg, 0, 0), light=light, noise=0), body)
        low, high = body.min(axis=0) - 12, body.max(axis=0) + 12
        boxes = [[*low, *high]]
        tracker.see(gray, boxes)
        painter.add(frame_of(gray), boxes)
    landmarks = np.array(bodies) if known else np.full((len(bodies), LANDMARK_COUNT, 2), np.nan)
    registration = tracker.finish()
    picture = painter.compose(registration, landmarks)
    assert picture is not None
    assert registration.reference_frame is not None
    return picture, registration.reference_frame


def climbing_up(frames: int) -> list[Places]:
    return [body_at(180, 500 - 380 * number / frames) for number in range(frames)]


def is_like_the_wall(picture: WallPicture, yaw_deg: float = 0.0) -> bool:
    """As the reference frame shows it, up to one brightness for all, which nobody knows."""
    x, y = np.round(picture.wall_to_picture[:2, 2]).astype(int)
    shown = picture.rgb[y : y + HEIGHT_PX, x : x + WIDTH_PX, 1].astype(np.float64)
    seen = picture.seen[y : y + HEIGHT_PX, x : x + WIDTH_PX]
    true = filmed(WALL, turned(yaw_deg, 0, 0), noise=0).astype(np.float64)
    ratio = shown[seen] / np.maximum(true[seen], 1)
    off = np.abs(ratio / np.median(ratio) - 1)
    return bool(np.median(off) < 0.05 and np.mean(off > 0.3) < 0.02)


def test_who_moves_on_leaves_no_trace() -> None:
    picture = painted_by(climbing_up(90))
    assert picture.seen[4:-4, 4:-4].mean() > 0.99
    assert is_like_the_wall(picture)


def test_boxes_hide_who_has_no_landmarks() -> None:
    picture = painted_by(climbing_up(90), known=False)
    assert picture.seen[4:-4, 4:-4].mean() > 0.95
    assert is_like_the_wall(picture)


def test_who_never_moves_leaves_a_hole_and_no_guess() -> None:
    picture = painted_by([body_at(180, 320)] * 60)
    assert 0.02 < 1 - picture.seen.mean() < 0.25
    assert not picture.seen[320, 180]
    assert picture.looked_at[320, 180]
    hidden = picture.rgb[~picture.seen & picture.looked_at].astype(np.float64)
    assert hidden.max() < BODY_GRAY - 20  # a blur of the wall around, nothing of the body
    assert hidden.std() < 0.5 * picture.rgb[picture.seen].std()
    assert not np.any(picture.rgb[picture.seen].min(axis=-1) >= BODY_GRAY - 5)


def test_a_moving_camera_makes_a_wider_picture_in_place() -> None:
    picture, reference = filmed_and_painted(climbing_up(90), known=True, sway_deg=6)
    assert abs(reference - 45) <= 5
    assert picture.seen.shape[1] > WIDTH_PX + 60
    assert max(picture.seen.shape) <= LONGEST_SIDE_PX
    assert is_like_the_wall(picture, yaw_deg=6 * np.sin(reference / 8))


def test_a_long_clip_keeps_few_frames_from_all_over() -> None:
    picture = painted_by(climbing_up(400))
    assert len(picture.layers) <= SAMPLES
    assert picture.seen[4:-4, 4:-4].mean() > 0.99
    assert is_like_the_wall(picture)


def test_without_a_wall_there_is_no_picture() -> None:
    tracker, painter = WallTracker(WIDTH_PX, HEIGHT_PX), WallPainter(WIDTH_PX, HEIGHT_PX)
    black = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
    for _ in range(6):
        tracker.see(black, [])
        painter.add(frame_of(black), [])
    assert painter.compose(tracker.finish(), np.full((6, LANDMARK_COUNT, 2), np.nan)) is None


def test_the_file_tells_what_was_seen() -> None:
    picture = painted_by([body_at(180, 320)] * 60)
    data = picture.webp()
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert read is not None
    assert data[8:12] == b"WEBP"
    assert read.shape == (*picture.seen.shape, 4)
    assert np.array_equal(read[..., 3] == 255, picture.seen)
    assert read[320, 180, 3] == UNSEEN_ALPHA
    off = np.abs(read[..., 2::-1].astype(np.float64) - picture.rgb)[picture.seen]
    assert np.median(off) < 5


def test_a_shadow_that_goes_with_the_body_leaves_no_trace() -> None:
    """It lies beside the body, on whatever is left open: for most of the time at the same place."""
    bodies = [*[body_at(150, 400)] * 50, *climbing_up(40)]
    tracker, painter = WallTracker(WIDTH_PX, HEIGHT_PX), WallPainter(WIDTH_PX, HEIGHT_PX)
    for body in bodies:
        gray = filmed(WALL, turned(0, 0, 0), noise=0)
        x, y = body[Landmark.LEFT_HIP].astype(int)
        gray[y - 40 : y + 80, x + 10 : x + 50] //= 2
        gray = with_body(gray, body)
        boxes = [[*(body.min(axis=0) - 12), *(body.max(axis=0) + 12)]]
        tracker.see(gray, boxes)
        painter.add(frame_of(gray), boxes)
    picture = painter.compose(tracker.finish(), np.array(bodies))
    assert picture is not None
    assert is_like_the_wall(picture)


def test_who_is_not_found_for_a_while_is_hidden_where_they_were_before() -> None:
    bodies = [body_at(180, 320)] * 60
    landmarks = np.array(bodies)
    landmarks[::3] = np.nan
    tracker, painter = WallTracker(WIDTH_PX, HEIGHT_PX), WallPainter(WIDTH_PX, HEIGHT_PX)
    for body in bodies:
        gray = with_body(filmed(WALL, turned(0, 0, 0), noise=0), body)
        tracker.see(gray, [])
        painter.add(frame_of(gray), [])
    picture = painter.compose(tracker.finish(), landmarks)
    assert picture is not None
    assert not picture.seen[320, 180]
    assert picture.rgb[picture.seen].min(axis=-1).max() < BODY_GRAY - 5


def test_a_wall_that_shows_only_briefly_makes_a_picture() -> None:
    """One kept frame in which somebody was cut out is thin, but no reason to give none."""
    tracker, painter = WallTracker(WIDTH_PX, HEIGHT_PX), WallPainter(WIDTH_PX, HEIGHT_PX)
    for number in range(9):
        gray = filmed(WALL, turned(0, 0, 0)) if number < 2 else np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
        tracker.see(gray, [])
        painter.add(frame_of(gray), [])
    picture = painter.compose(tracker.finish(), np.full((9, LANDMARK_COUNT, 2), np.nan))
    assert picture is not None
    assert len(picture.layers) == 1
    assert picture.seen[10:-10, 10:-10].all()
