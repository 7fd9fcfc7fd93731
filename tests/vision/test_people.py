"""Following people over key frames, and choosing among them; who they are is known by construction."""

from collections.abc import Sequence

import numpy as np
import pytest

from ascension.vision import networks, weights
from ascension.vision.detector import detect
from ascension.vision.people import Look, People, Track, choose, tracks_of
from ascension.vision.pose import Pose
from ascension.vision.region import Region
from tests.clips import CLIMB, Picture, read_pictures
from tests.vision.pictures import frame_of


@pytest.fixture(scope="module")
def pictures() -> list[Picture]:
    return read_pictures(CLIMB, 40)


def follow(pictures: Sequence[Picture], step_s: float = 1 / 6) -> list[Look]:
    people = People(networks.choose())
    return [people.look(index, frame_of(picture), index * step_s) for index, picture in enumerate(pictures)]


def side_by_side(left: Picture, right: Picture) -> Picture:
    return np.concatenate([left, right], axis=1)


def emptied(picture: Picture) -> Picture:
    """The wall above the climber, over and over."""
    return np.concatenate([picture[:360], picture[:360][::-1], picture[:360]])[: len(picture)]


def test_two_people_are_found_in_one_frame(pictures: list[Picture]) -> None:
    detector = networks.choose().load(weights.DETECTOR)
    people = detect(detector, frame_of(side_by_side(pictures[0], pictures[0])))
    centers = sorted(person.region.center_x_px for person in people)
    assert len(centers) == 2
    assert centers[1] - centers[0] == pytest.approx(480, abs=15)


def test_each_keeps_a_number_of_their_own(pictures: list[Picture]) -> None:
    looks = follow([side_by_side(pictures[index], pictures[index + 8]) for index in range(0, 32, 5)])
    assert all(len(look.people) == 2 for look in looks)
    for track in tracks_of(looks):
        x = np.array([region.center_x_px for region in track.regions])
        assert len(track.frames) == len(looks)
        assert x.max() - x.min() < 60, "nobody jumps to the other side"


def test_who_is_lost_for_a_moment_keeps_the_number(pictures: list[Picture]) -> None:
    wall = emptied(pictures[0])
    looks = follow([pictures[0], pictures[5], wall, wall, pictures[10], pictures[15]])
    assert [sorted(look.people) for look in looks] == [[1], [1], [], [], [1], [1]]


def test_who_comes_after_a_long_time_has_a_new_number(pictures: list[Picture]) -> None:
    wall = emptied(pictures[0])
    looks = follow([pictures[0], wall, wall, pictures[0]], step_s=2)
    assert [sorted(look.people) for look in looks] == [[1], [], [], [2]]


def test_the_leader_is_large_and_stays_for_a_while() -> None:
    people = People(networks.choose())
    large, slightly_larger = pose(side_px=300), pose(side_px=330)
    looks = [Look(0, {1: large, 2: slightly_larger})]
    assert people.leading(looks, None) == 2
    assert people.leading(looks, 1) == 1
    assert people.leading([Look(0, {})], 1) is None


def pose(x: float = 0, side_px: float = 300, confidence: float = 0.8) -> Pose:
    return Pose(np.zeros((33, 2)), np.ones(33), confidence, Region(x, 0, side_px, 0))


def track(track_id: int, frames: range, side_px: float, confidence: float = 0.8) -> Track:
    looks = [Look(frame, {track_id: pose(0, side_px, confidence)}) for frame in frames]
    return tracks_of(looks)[0]


def test_the_largest_longest_is_chosen() -> None:
    tracks = [track(1, range(100), 200), track(2, range(100), 300), track(3, range(10), 500)]
    assert choose(tracks) == [2]
    assert choose([]) == []


def test_the_same_person_found_again_is_chosen_too() -> None:
    before, after, elsewhere = (
        track(1, range(50), 300),
        track(3, range(80, 120), 280),
        track(2, range(60), 200),
    )
    assert choose([before, elsewhere, after]) == [1, 3]


def test_a_passer_by_of_another_size_is_not_joined() -> None:
    assert choose([track(1, range(50), 300), track(2, range(80, 90), 100)]) == [1]
