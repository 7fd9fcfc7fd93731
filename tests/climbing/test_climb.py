"""From a motion to the whole record, and bad input all the way through."""

from dataclasses import replace

import numpy as np
import pytest

from ascension.biomechanics.conventions import Landmark
from ascension.climbing.body import Body
from ascension.climbing.climb import Climb, read, read_timeline
from ascension.climbing.contacts import Timeline, timeline_of
from ascension.climbing.limbs import HANDS, LIMBS, Limb
from ascension.climbing.measures.definitions import DEFINITIONS
from ascension.climbing.motion import Motion
from ascension.climbing.record import Measure, UsedHold
from ascension.climbing.support import scene_of
from tests.climbing.stories import Story, Told, line, material, motion_of, steps, still
from tests.climbing.test_measures_properties import ladder


@pytest.fixture(scope="module")
def climb() -> Climb:
    return read(motion_of(ladder()), Body(height_m=1.75, mass_kg=60))


def of(climb: Climb, name: str, attempt: int = 0) -> Measure:
    return next(one for one in climb.measures[attempt] if one.name == name)


def test_the_ladder_is_read_back(climb: Climb) -> None:
    """Eight hand moves of 0.4 m that take 0.6 s; they were told to nobody."""
    assert len(climb.attempts) == 1
    assert len(climb.measures) == len(climb.habits) == 1
    assert of(climb, "reach_count").value == 8
    assert of(climb, "reach_distance").value == pytest.approx(0.4, abs=0.02)
    assert of(climb, "reach_time").value == pytest.approx(0.6, abs=0.15)
    assert of(climb, "reach_sparc").value == pytest.approx(-1.4, abs=0.15)
    assert of(climb, "pace").value == pytest.approx(60 * 8 / 20, rel=0.1)


def test_each_attempt_has_every_measure(climb: Climb) -> None:
    assert [one.name for one in climb.measures[0]] == [one.name for one in DEFINITIONS]


def test_reading_twice_says_the_same(climb: Climb) -> None:
    again = read(motion_of(ladder()), Body(height_m=1.75, mass_kg=60))
    assert again.measures == climb.measures
    assert again.moves == climb.moves


def test_a_contact_that_is_taken_away_changes_what_follows(climb: Climb) -> None:
    scene = scene_of(motion_of(ladder()))
    timeline = timeline_of(scene)
    last = max((one for one in timeline.contacts if one.limb in HANDS), key=lambda one: one.start)
    fewer = replace(timeline, contacts=tuple(one for one in timeline.contacts if one is not last))
    corrected = read_timeline(scene, fewer, Body())
    found = of(corrected, "reach_count").value
    assert found is not None
    assert found == 7
    assert of(climb, "reach_count").value == 8


def test_a_second_attempt_is_measured_by_the_first_one_that_reached_the_top() -> None:
    """On the floor, to the top at 2 m, on the floor for 3 s, up to 1.6 m and down; a heel once above all."""
    hands, feet = LIMBS[:2], LIMBS[2:]
    holds = tuple(UsedHold(number, 0, 1 + 0.5 * number, 0.05, 2, 1, 1.0) for number in range(3))
    told = [
        *(
            Told(foot, start, end, (0, -0.8), None, "floor")
            for foot in feet
            for start, end in ((0, 3), (10, 13), (18, 20))
        ),
        *(Told(foot, start, end, (0, 0.0), 0) for foot in feet[:1] for start, end in ((3, 10), (13, 18))),
        Told(feet[1], 4, 9, (0, 3.0), 1),
        *(Told(hand, 3, 6, (0, 1.0), 0) for hand in hands),
        *(Told(hand, 6.5, 10, (0, 2.0), 2) for hand in hands),
        *(Told(hand, 12.5, 14, (0, 1.0), 0) for hand in hands),
        *(Told(hand, 14.5, 18, (0, 1.6), 1) for hand in hands),
    ]
    of_story = material(Story(20, contacts=tuple(told), holds=holds))
    timeline = Timeline(of_story.contacts, holds)
    found = read_timeline(scene_of(of_story.motion), timeline, Body())
    assert [one.outcome for one in found.attempts] == ["top", "down"]
    assert of(found, "route_share", 0).value == pytest.approx(100)
    assert of(found, "route_share", 1).value == pytest.approx(60)
    assert of(found, "preview_time", 1).value == pytest.approx(3, abs=0.1)
    assert [interval.start for interval in of(found, "preview_time", 1).frames] == [300]
    one_hand = tuple(one for one in timeline.contacts if one.limb != hands[0] or one.hold != 2)
    untopped = read_timeline(scene_of(of_story.motion), Timeline(one_hand, holds), Body())
    assert "top" not in [one.outcome for one in untopped.attempts]
    assert of(untopped, "route_share", 1).reason == "top_not_reached"


def unseen(motion: Motion, part: slice) -> Motion:
    """Nobody is found in some frames."""
    person = motion.poses.person.copy()
    person[part] = False
    poses = replace(
        motion.poses,
        person=person,
        landmarks_px=np.where(person[:, None, None], motion.poses.landmarks_px, np.nan),
        visibility=np.where(person[:, None], motion.poses.visibility, np.nan),
    )
    return replace(
        motion,
        poses=poses,
        landmarks=np.where(person[:, None, None], motion.landmarks, np.nan),
        center_of_mass=np.where(person[:, None], motion.center_of_mass, np.nan),
    )


HAND_LANDMARKS = [one for one in Landmark if 15 <= one <= 22]
BAD = {
    "one frame": motion_of(Story(1 / 30)),
    "two frames": motion_of(Story(2 / 30)),
    "a minute at rest": motion_of(Story(60)),
    "a traverse": motion_of(Story(10, line((0, 0), (4, 0), 10))),
    "a way down": motion_of(replace(ladder(), hips=line((0, 2), (0, 0), 20))),
    "a fall at once": motion_of(
        Story(3, lambda t: np.column_stack([0 * t, -4.9 * np.clip(t - 1, 0, 1) ** 2]))
    ),
    "out of the picture": unseen(motion_of(ladder()), slice(300, None)),
    "seen twice": unseen(motion_of(ladder()), slice(150, 400)),
    "nobody": unseen(motion_of(Story(2)), slice(None)),
    "in one frame": unseen(motion_of(Story(2)), slice(1, None)),
    "no wall": motion_of(replace(ladder(), registered=False, unit="torso")),
    "hands never seen": motion_of(replace(ladder(), hidden=dict.fromkeys(HAND_LANDMARKS, (0.0, 99.0)))),
    "a long rest in the middle": motion_of(
        Story(
            70,
            steps((2, 4, (0, 0), (0, 0.5)), (66, 68, (0, 0.5), (0, 1))),
            {Limb.LEFT_HAND: still((-0.2, 1.5))},
        )
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_measured_or_refused(name: str) -> None:
    found = read(BAD[name], Body(mass_kg=60))
    assert len(found.measures) == len(found.attempts)
    for measures in found.measures:
        for one in measures:
            assert (one.value is None) == bool(one.reason), one
            assert (one.value is None) == (one.confidence == 0), one
            assert one.value is None or np.isfinite(one.value), one
            for interval in one.frames:
                assert 0 <= interval.start < interval.end <= BAD[name].frame_count, one


@pytest.mark.parametrize("limb", LIMBS)
def test_a_climber_without_a_limb(limb: Limb) -> None:
    found = read(motion_of(ladder()), Body(missing=frozenset([limb])))
    assert of(found, "geometric_entropy").value is not None
