"""Where people are between key frames, and which skeletons are theirs, on made-up tracks."""

from dataclasses import replace

import numpy as np
import pytest

from ascension.biomechanics.conventions import Landmark
from ascension.vision.choosing import Track
from ascension.vision.covering import cover
from ascension.vision.region import Region
from ascension.vision.whereabouts import bodies_in, on_others, own, regions_of
from tests.vision.test_choosing import BLUE, climbing, standing, track

FPS = 30


def moving(start: int, keys: int, number: int = 1) -> Track:
    """A key frame every fifth frame, 10 px further to the right each time."""
    regions = tuple(Region(100.0 + 10 * (start // 5 + key), 200, 340, 0) for key in range(keys))
    return replace(track(number, climbing(keys), start=start), regions=regions)


def test_someone_is_looked_for_a_second_before_and_after_they_were_seen() -> None:
    found = regions_of([moving(50, 5)], np.arange(150) / FPS)
    assert sorted(found) == list(range(20, 101))
    assert found[20].center_x_px == found[50].center_x_px == 200
    assert found[53].center_x_px == pytest.approx(206)
    assert found[100].center_x_px == 240


def test_between_two_tracks_of_one_person_the_region_is_interpolated() -> None:
    found = regions_of([moving(0, 3), moving(50, 3, 2)], np.arange(80) / FPS)
    assert found[30].center_x_px == pytest.approx(160)


def test_who_is_lost_for_long_is_not_looked_for_in_between() -> None:
    found = regions_of([moving(0, 2), moving(300, 2, 2)], np.arange(400) / FPS)
    assert sorted(found) == [*range(36), *range(270, 336)]
    assert (found[35].center_x_px, found[270].center_x_px) == (110, 700)


def test_of_two_tracks_in_one_frame_the_first_counts() -> None:
    other = replace(moving(10, 3, 2), regions=(Region(900, 200, 340, 0),) * 3)
    found = regions_of([moving(0, 3), other], np.arange(30) / FPS)
    assert found[10].center_x_px == 120
    assert found[15].center_x_px == 900
    assert regions_of([], np.arange(30) / FPS) == {}


def test_who_reaches_into_the_region_is_in_the_way() -> None:
    near, far = track(1, standing(4)), track(2, standing(4) + 800.0)
    brief = track(3, standing(2))
    region = Region(300, 200, 300, 0)
    assert len(bodies_in(region, [near, far, brief], 7)) == 1
    assert bodies_in(region, [near], 7)[0] == pytest.approx(standing(1)[0])
    assert bodies_in(region, [near], 16) == [], "they were not seen then"


def test_a_covered_body_leaves_no_trace_and_the_rest_stays() -> None:
    picture = np.full((100, 100, 3), 90, np.uint8)
    picture[20:60, 30:50] = [200, 0, 0]
    body = np.tile([[30.0, 20.0], [49.0, 20.0], [49.0, 59.0]], (11, 1))
    before = picture.copy()
    cover(picture, [body], 1)
    assert np.ptp(picture[25, 40:48], axis=0).max() == 0
    assert picture[25, 44] == pytest.approx(before.reshape(-1, 3).mean(axis=0), abs=1)
    assert (picture[70:] == before[70:]).all()
    assert (picture[:, 60:] == before[:, 60:]).all()


def test_places_come_back_out_of_a_crop() -> None:
    region = Region(310, 205, 480, 0.7)
    places = climbing(1)[0]
    to_frame = region.to_frame(256)
    inside = region.to_crop(places, 256)
    assert inside @ to_frame[:, :2].T + to_frame[:, 2] == pytest.approx(places)


def test_skeletons_on_somebody_else_are_not_the_climbers() -> None:
    climber, other = track(1, climbing(4)), track(2, standing(4) + np.array([90.0, 0.0]), color=BLUE)
    frames = np.array([0, 3, 8, 15], np.int64)
    found = np.repeat(climbing(1), 4, axis=0) + 4.0
    found[1:3] = standing(2) + np.array([85.0, 0.0])
    assert own(found, frames, [climber], [other]).tolist() == [True, False, False, True]
    assert own(found, frames, [climber], []).tolist() == [True, False, False, True]
    assert not own(found, frames, [], [other]).any()


def test_a_joint_on_the_same_joint_of_somebody_else_is_told() -> None:
    climber, other = track(1, climbing(4)), track(2, standing(4) + np.array([180.0, 0.0]), color=BLUE)
    frames = np.array([2, 7, 40], np.int64)
    found = np.repeat(climbing(1), 3, axis=0) + 4.0
    taken = [Landmark.LEFT_ANKLE, Landmark.LEFT_KNEE]
    found[1:, taken] = standing(2)[:, taken] + np.array([175.0, 0.0])
    mixed = on_others(found, frames, [climber], [other])
    assert np.argwhere(mixed).tolist() == [[1, Landmark.LEFT_KNEE], [1, Landmark.LEFT_ANKLE]]
    assert not on_others(found, frames, [climber], [track(2, standing(2) + np.array([180.0, 0.0]))]).any(), (
        "hardly seen"
    )
    assert not on_others(found, frames, [], [other]).any()


def test_between_two_looks_the_place_is_interpolated() -> None:
    moving = climbing(2) + np.array([[[0.0, 0.0]], [[300.0, 0.0]]])
    frames = np.arange(6, dtype=np.int64)
    found = climbing(6) + np.linspace(0, 300, 6)[:, None, None] * [1.0, 0.0]
    assert own(found, frames, [track(1, moving)], []).all()


def test_a_joint_behind_the_trunk_of_somebody_nearer_is_told() -> None:
    climber, other = track(1, climbing(4)), track(2, standing(4) + np.array([0.0, 60.0]), color=BLUE)
    frames = np.array([2, 7], np.int64)
    found = np.repeat(climbing(1), 2, axis=0)
    middle = standing(1)[0, [11, 12, 23, 24]].mean(axis=0) + np.array([0.0, 60.0])
    found[1, Landmark.LEFT_ANKLE] = middle
    assert on_others(found, frames, [climber], [other])[1, Landmark.LEFT_ANKLE]
    higher = track(2, standing(4) - np.array([0.0, 200.0]), color=BLUE)
    found[1, Landmark.LEFT_ANKLE] = middle - np.array([0.0, 260.0])
    assert not on_others(found, frames, [climber], [higher])[1, Landmark.LEFT_ANKLE], (
        "farther from the camera"
    )
