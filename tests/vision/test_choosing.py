"""Who climbs, told from made-up tracks whose answer is known."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import FloatArray
from ascension.vision.choosing import CLIMBS, Box, Track, activity, busiest, choose, own
from ascension.vision.region import Region
from tests.biomechanics.bodies import upright

KEY_STEP_S = 1 / 6
RED, BLUE = np.array([140.0, 190.0, 170.0]), np.array([90.0, 130.0, 60.0])


def climbing(keys: int) -> FloatArray:
    """(keys, 33, 2): a hand overhead, a foot high."""
    places = np.repeat(upright(), keys, axis=0)
    places[:, Landmark.RIGHT_ANKLE, 1] -= 70
    return places


def standing(keys: int) -> FloatArray:
    """Arms down, both feet on the floor."""
    places = belaying(keys)
    places[:, [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST], 1] = 230
    return places


def walking(keys: int) -> FloatArray:
    """Strides: one foot is a little higher than the other, the body moves on."""
    places = standing(keys)
    places[::2, Landmark.LEFT_ANKLE, 1] -= 22
    return places + np.arange(keys)[:, None, None] * [30.0, 0.0]


def belaying(keys: int) -> FloatArray:
    """Hands held up, both feet on the floor."""
    places = np.repeat(upright(), keys, axis=0)
    places[:, [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE], 0] = [275, 325]
    return places


def track(number: int, places: FloatArray, *, start: int = 0, color: FloatArray = RED) -> Track:
    keys = len(places)
    frames = start + 5 * np.arange(keys, dtype=np.int64)
    side_px = 3.2 * float(np.linalg.norm(places[0, Landmark.LEFT_SHOULDER] - places[0, Landmark.LEFT_HIP]))
    return Track(
        id=number,
        frames=frames,
        time_s=frames / 30,
        regions=tuple(Region(300, 200, side_px, 0) for _ in range(keys)),
        landmarks_px=places,
        visibility=np.ones((keys, 33)),
        confidence=np.full(keys, 0.8),
        color=color,
    )


@pytest.mark.parametrize("pose", [standing, walking, belaying])
def test_nobody_climbs_on_the_floor(pose: Callable[[int], FloatArray]) -> None:
    assert busiest(track(1, pose(20))) < CLIMBS
    assert choose([track(1, pose(20))]) == []


def test_activity_does_not_depend_on_how_the_camera_is_held() -> None:
    lying = climbing(3)[:, :, ::-1] * [1.0, -1.0]
    assert activity(lying) == pytest.approx(activity(climbing(3)))
    assert activity(climbing(3)).min() > 0.9


def test_who_climbs_is_chosen_however_large_the_others_are() -> None:
    crowd = [track(1, 2 * standing(30)), track(2, climbing(30), color=BLUE), track(3, 2 * walking(30))]
    assert choose(crowd) == [2]


def test_who_climbs_later_is_the_climber_on_the_floor_already() -> None:
    assert choose([track(1, np.concatenate([standing(20), climbing(10)]))]) == [1]


def test_a_hand_that_waves_for_a_moment_is_no_climb() -> None:
    assert choose([track(1, np.concatenate([standing(10), climbing(2), standing(10)]))]) == []


def test_what_is_unclear_and_restless_is_no_body() -> None:
    blurred = np.random.default_rng(4).normal(0, 25, (20, 33, 2)) + climbing(20)
    pile = replace(track(1, blurred), confidence=np.full(20, 0.47))
    assert busiest(pile) >= CLIMBS
    assert choose([pile]) == []
    assert choose([replace(pile, confidence=np.full(20, 0.8))]) == [1]
    assert choose([replace(pile, landmarks_px=climbing(20))]) == [1], "a dim clip, but one posture"


def test_nobody_is_chosen_among_nobody() -> None:
    assert choose([]) == []


def test_the_same_person_found_again_is_joined() -> None:
    again = track(3, climbing(8), start=200)
    assert choose([track(1, climbing(20)), again]) == [1, 3]
    assert choose([track(1, climbing(20)), track(3, climbing(8), start=200, color=BLUE)]) == [1]
    assert choose([track(1, climbing(20)), track(3, 2 * climbing(8), start=200)]) == [1]


def test_who_is_there_at_the_same_time_is_somebody_else() -> None:
    assert choose([track(1, climbing(20)), track(2, climbing(12) + 300.0)]) == [1]


def test_the_users_box_wins() -> None:
    aside = standing(20) + np.array([400.0, 0.0])
    tracks = [track(1, climbing(20)), track(2, aside, color=BLUE)]
    assert choose(tracks, Box(1.0, 640, 60, 120, 300)) == [2]
    assert choose(tracks, Box(1.0, 240, 0, 120, 360)) == [1]


def test_a_box_around_nobody_chooses_nobody() -> None:
    assert choose([track(1, climbing(20))], Box(1.0, 2000, 2000, 50, 50)) == []
    assert choose([track(1, climbing(20))], Box(30.0, 240, 0, 120, 360)) == []


def test_skeletons_on_somebody_else_are_not_the_climbers() -> None:
    climber, other = track(1, climbing(4)), track(2, standing(4) + np.array([90.0, 0.0]), color=BLUE)
    frames = np.array([0, 3, 8, 15], np.int64)
    found = np.repeat(climbing(1), 4, axis=0) + 4.0
    found[1:3] = standing(2) + np.array([85.0, 0.0])
    assert own(found, frames, [climber], [other]).tolist() == [True, False, False, True]
    assert own(found, frames, [climber], []).tolist() == [True, False, False, True]
    assert not own(found, frames, [], [other]).any()


def test_between_two_looks_the_place_is_interpolated() -> None:
    moving = climbing(2) + np.array([[[0.0, 0.0]], [[300.0, 0.0]]])
    frames = np.arange(6, dtype=np.int64)
    found = climbing(6) + np.linspace(0, 300, 6)[:, None, None] * [1.0, 0.0]
    assert own(found, frames, [track(1, moving)], []).all()
