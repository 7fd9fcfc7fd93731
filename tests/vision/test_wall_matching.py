"""Pictures of walls beside each other: the same wall is found, another is refused, nonsense harms nobody."""

import struct
import time

import cv2
import numpy as np
import pytest

from ascension.biomechanics.poses import FloatArray
from ascension.errors.jobs import WallPictureMissing, WallsDiffer, WallTextureMissing
from ascension.vision.wall.matching import MAX_BYTES, match, size_px
from tests.comparisons.walls import ELSEWHERE, SIZE_PX, painted, seen_from_elsewhere, webp

WIDTH, HEIGHT = SIZE_PX
GRID = np.stack(np.meshgrid(np.linspace(50, 450, 9), np.linspace(50, 800, 12)), axis=-1).reshape(-1, 2)


def mapped(places: FloatArray, matrix: FloatArray) -> FloatArray:
    found: FloatArray = cv2.perspectiveTransform(places[None], matrix)[0].astype(np.float64)
    return found


def error_px(first: bytes, second: bytes, truth: FloatArray) -> float:
    """Largest error of the places that are found; truth: from the first to the second."""
    found = match(first, second).second_to_first
    away = mapped(mapped(GRID, truth), found) - GRID
    return float(np.hypot(*away.T).max())


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_same_wall_from_elsewhere_in_other_light(seed: int) -> None:
    wall = painted(seed)
    second = seen_from_elsewhere(wall, ELSEWHERE)
    assert error_px(webp(wall), webp(second), ELSEWHERE) < 1.0


def test_a_wall_beside_itself_stays_where_it_is() -> None:
    data = webp(painted())
    found = match(data, data)
    assert error_px(data, data, np.eye(3)) < 0.05
    assert found.confidence > 0.95
    assert np.allclose(found.first_px, found.second_px)


def test_a_part_of_the_wall_filmed_twice_as_near() -> None:
    nearer = np.array([[2.0, 0.0, -500.0], [0.0, 2.0, -700.0], [0.0, 0.0, 1.0]])
    second = seen_from_elsewhere(painted(), nearer, unseen_columns=40)
    found = match(webp(painted()), webp(second)).second_to_first
    inside = np.array([[300.0, 400.0], [450.0, 500.0], [520.0, 760.0]])
    assert np.hypot(*(mapped(mapped(inside, nearer), found) - inside).T).max() < 1.0


def test_what_people_hid_is_not_matched() -> None:
    """Where nobody saw the wall there is a blur, the same in both: it says nothing."""
    hidden = np.dstack([painted(), np.full(painted().shape[:2], 110, np.uint8)])
    with pytest.raises(WallTextureMissing):
        match(webp(hidden), webp(painted()))


@pytest.mark.parametrize("seed", [5, 6, 7, 8])
def test_another_wall_is_another_wall(seed: int) -> None:
    with pytest.raises(WallsDiffer):
        match(webp(painted()), webp(painted(seed)))


def test_a_mirrored_wall_is_another_wall() -> None:
    with pytest.raises(WallsDiffer):
        match(webp(painted()), webp(np.ascontiguousarray(painted()[:, ::-1])))


def test_one_volume_in_common_is_no_wall_in_common() -> None:
    other = painted(3).copy()
    other[400:490, 200:290] = painted()[400:490, 200:290]
    with pytest.raises(WallsDiffer):
        match(webp(painted()), webp(other))


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_bare_wall_cannot_be_recognized(value: int) -> None:
    bare = np.full((HEIGHT, WIDTH, 3), value, np.uint8)
    with pytest.raises(WallTextureMissing):
        match(webp(painted()), webp(bare))


def announced(width: int, height: int) -> bytes:
    """The header of an extended WebP of this size, and nothing behind it."""
    body = b"\x10\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"\0" * 100,
        b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 100,
        announced(16_384, 16_384),
        announced(600, 900),
        announced(4, 4),
        webp(painted())[:2000],
        webp(painted())[:40] + b"\xff" * 5000,
        webp(painted()) + b"\0" * MAX_BYTES,
        cv2.imencode(".png", painted())[1].tobytes(),
    ],
    ids=["empty", "four", "zeros", "no frame", "huge", "header", "tiny", "cut", "noise", "long", "png"],
)
def test_what_is_no_picture_of_ours_is_refused_at_once(data: bytes) -> None:
    began_s = time.monotonic()
    with pytest.raises((WallPictureMissing, WallTextureMissing)):
        match(data, webp(painted()))
    assert time.monotonic() - began_s < 5


def test_the_size_is_known_without_decoding() -> None:
    lossless = cv2.imencode(".webp", painted(), [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
    with_alpha = webp(np.dstack([painted(), np.full((HEIGHT, WIDTH), 110, np.uint8)]))
    for data in (webp(painted()), lossless, with_alpha):
        assert size_px(data) == SIZE_PX
    assert {data[12:16] for data in (webp(painted()), lossless, with_alpha)} == {b"VP8 ", b"VP8L", b"VP8X"}
    assert size_px(announced(16_384, 12)) == (16_384, 12)
