"""Whoever was overlooked and is left in the picture of a wall has no face in the one for others."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ascension.vision import networks
from ascension.vision.faces import Head, heads_in
from ascension.vision.frame import Frame, frame_of
from ascension.vision.networks import Engine
from ascension.vision.video import VideoReader
from ascension.vision.wall.covered import covered
from ascension.vision.wall.masks import CLEAR, PERSON
from ascension.vision.wall.picture import Layer, WallPicture
from tests.clips import CLIMB

Picture = NDArray[np.uint8]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return networks.choose("auto")


def finder(engine: Engine) -> Callable[[Frame], list[Head]]:
    return partial(heads_in, engine, is_closer=True)


@pytest.fixture(scope="module")
def frame() -> Picture:
    """Somebody before a wall."""
    with VideoReader(CLIMB, threads=1) as video:
        return next(iter(video)).rgb()


@pytest.fixture(scope="module")
def head(engine: Engine, frame: Picture) -> Head:
    return max(heads_in(engine, frame_of(frame), is_closer=True), key=lambda one: one.radius_px)


def picture_of(rgb: Picture, frame: Picture, area: Picture | None = None) -> WallPicture:
    """A picture that shows `rgb`, made of one frame; `area`: what that may show, else all of it."""
    everywhere = np.full(frame.shape[:2], CLEAR, np.uint8)
    layer = Layer(frame, np.eye(3), np.zeros((4, 2)), everywhere if area is None else area)
    seen = np.ones(rgb.shape[:2], np.bool_)
    return WallPicture(rgb, seen, seen, np.eye(3), (layer, layer))


def around(head: Head, times: float) -> tuple[slice, slice]:
    x, y, side = round(head.x_px), round(head.y_px), round(times * head.radius_px)
    return slice(max(0, y - side), y + side), slice(max(0, x - side), x + side)


def without_body(frame: Picture, head: Head) -> Picture:
    """The wall alone, as it looks beside the climber."""
    empty = frame.copy()
    rows, columns = around(head, 12)
    beside = frame[rows, :80]
    empty[rows, columns] = cv2.resize(beside, empty[rows, columns].shape[1::-1])
    return empty


def test_who_was_overlooked_has_no_face_and_the_wall_stays(
    engine: Engine, frame: Picture, head: Head
) -> None:
    found = covered(picture_of(frame, frame), finder(engine))
    assert found is not None
    face = around(head, 0.5)
    before, after = (cv2.Laplacian(rgb[face], cv2.CV_64F).std() for rgb in (frame, found.rgb))
    assert after < 0.3 * before
    assert np.array_equal(found.rgb[-100:], frame[-100:])
    assert found.webp() != picture_of(frame, frame).webp()


def test_a_picture_without_anybody_is_the_same(engine: Engine, frame: Picture, head: Head) -> None:
    """Nobody is in it, whether who climbed was cut out of the frames or only outvoted by them."""
    empty = without_body(frame, head)
    cut_out = np.full(frame.shape[:2], CLEAR, np.uint8)
    cut_out[around(head, 12)] = PERSON
    for area in (cut_out, None):
        found = covered(picture_of(empty, frame, area), finder(engine))
        assert found is not None
        assert np.array_equal(found.rgb, empty)


def test_among_many_it_is_not_certain(engine: Engine, frame: Picture, head: Head) -> None:
    body = frame[around(head, 9)]
    crowd = np.tile(cv2.resize(body, (240, 320)), (3, 3, 1)).astype(np.uint8)
    assert len(heads_in(engine, frame_of(crowd), is_closer=True)) >= 8
    assert covered(picture_of(crowd, crowd), finder(engine)) is None


def test_where_somebody_is_found_again_and_again_there_is_none(frame: Picture) -> None:
    places = iter(range(20, 2000, 20))
    assert covered(picture_of(frame, frame), lambda _: [Head(next(places), 20, 5)]) is None


def test_a_head_in_a_frame_is_covered_where_the_frame_lies(
    engine: Engine, frame: Picture, head: Head
) -> None:
    """The picture is larger than its frames, they are on a slant in it, and in it alone nobody is found."""
    to_picture = np.array([[1.2, 0.1, 60], [-0.1, 1.2, 120], [0, 0, 1]])
    size = (800, 1300)
    rgb = cv2.warpPerspective(frame, to_picture, size).astype(np.uint8)
    area = cv2.warpPerspective(np.full(frame.shape[:2], CLEAR, np.uint8), to_picture, size).astype(np.uint8)

    def find_in_frames(shown: Frame) -> list[Head]:
        is_picture = (shown.width_px, shown.height_px) == size
        return [] if is_picture else heads_in(engine, shown, is_closer=True)

    flat = picture_of(rgb, frame, area)
    found = covered(replace(flat, layers=(replace(flat.layers[0], to_canvas=to_picture),)), find_in_frames)
    assert found is not None
    x, y, _ = to_picture @ [head.x_px, head.y_px, 1]
    face = around(Head(float(x), float(y), head.radius_px), 0.5)
    before, after = (cv2.Laplacian(shown[face], cv2.CV_64F).std() for shown in (rgb, found.rgb))
    assert after < 0.3 * before
