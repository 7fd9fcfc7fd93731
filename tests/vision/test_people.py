"""Following people over key frames; who they are is known by construction."""

from collections.abc import Sequence

import numpy as np
import pytest

from ascension.biomechanics.conventions import Landmark
from ascension.vision import networks, weights
from ascension.vision.choosing import Box, choose
from ascension.vision.detector import detect
from ascension.vision.people import Look, People
from ascension.vision.pose import Pose
from ascension.vision.region import Region
from tests.clips import CLIMB, SCENES, Picture, read_pictures
from tests.vision.pictures import frame_of

TRUNK = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP]


@pytest.fixture(scope="module")
def pictures() -> list[Picture]:
    return read_pictures(CLIMB, 40)


def follow(pictures: Sequence[Picture], step_s: float = 1 / 6, people: People | None = None) -> list[Look]:
    people = people or People(networks.choose())
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
    people = People(networks.choose())
    pairs = [side_by_side(pictures[index], pictures[index + 8]) for index in range(0, 32, 5)]
    looks = follow(pairs, people=people)
    assert all(len(look.people) == 2 for look in looks)
    for track in people.tracks(looks):
        x = np.array([region.center_x_px for region in track.regions])
        assert len(track.frames) == len(looks)
        assert x.max() - x.min() < 60, "nobody jumps to the other side"


def test_whom_the_detector_turns_over_is_found_upright() -> None:
    """A pole before the climber: where the detector saw the head below, the climber was lost for the clip."""
    (look,) = follow(read_pictures(SCENES / "pole.mp4", 1))
    found = max(look.people.values(), key=lambda pose: pose.confidence)
    assert abs(found.region.angle_rad) < 0.5
    assert found.confidence > 0.5


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
    looks = [Look(0, 0.0, {1: large, 2: slightly_larger})]
    assert people.leading(looks, None) == 2
    assert people.leading(looks, 1) == 1
    assert people.leading([Look(0, 0.0, {})], 1) is None


def test_who_steps_in_front_does_not_take_the_number() -> None:
    """Somebody walks between the camera and the climber."""
    pictures = read_pictures(SCENES / "bystander-crosses.mp4")
    people = People(networks.choose())
    looks = follow(pictures[:80:5], people=people)
    first = people.tracks(looks)[0]
    truth = np.load(SCENES / "bystander-crosses.npz")["landmarks_px"]
    assert choose(people.tracks(looks)) == [1]
    for number, places in zip(first.frames.tolist(), first.landmarks_px, strict=True):
        true = truth[5 * number]
        apart_px = np.linalg.norm(places - true, axis=1)[TRUNK].mean()
        assert apart_px < 60, "on the climber; the torso is 103 px long"


def test_the_users_box_is_looked_into(pictures: list[Picture]) -> None:
    wide = side_by_side(emptied(pictures[0]), emptied(pictures[0])[:, :240])
    wide[300:727, 480:] = pictures[0][200:627, 120:360]  # too close to the border for the detector
    box = Box(at_s=0.0, left_px=500, top_px=400, width_px=200, height_px=300)
    people = People(networks.choose(), pointed=box)
    assert [len(look.people) for look in follow([wide, wide], people=people)] == [1, 1]


def pose(side_px: float) -> Pose:
    return Pose(np.zeros((33, 2)), np.ones(33), np.zeros((33, 5), np.float32), 0.8, Region(0, 0, side_px, 0))
