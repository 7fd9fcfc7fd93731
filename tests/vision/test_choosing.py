"""Who climbs, told from made-up tracks whose answer is known."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import FloatArray
from ascension.vision.choosing import CLIMBS, Box, Track, activity, busiest, choose
from ascension.vision.region import Region
from tests.biomechanics.bodies import upright

KEY_STEP_S = 1 / 6
ANKLES = [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]
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


def test_what_is_unclear_is_a_body_where_the_landmark_network_sees_its_limbs() -> None:
    """In the dark the light network's postures jump as those of a pile of holds do."""
    jumping = np.random.default_rng(4).normal(0, 25, (20, 33, 2)) + climbing(20)
    dim = replace(track(1, jumping), confidence=np.full(20, 0.47))
    assert choose([dim], limbs_seen={1: 0.85}) == [1]
    still = replace(dim, landmarks_px=climbing(20))
    assert choose([still], limbs_seen={1: 0.33}) == []


def test_legs_that_are_not_seen_do_not_climb() -> None:
    """A large belayer with raised hands, whose legs are below the picture, may seem to step."""
    belayer = track(1, 1.5 * climbing(30))
    belayer.visibility[:, [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE, *ANKLES]] = 0.2
    assert choose([belayer, track(2, climbing(30), color=BLUE)]) == [2]


def test_nobody_is_chosen_among_nobody() -> None:
    assert choose([]) == []


def test_the_same_person_found_again_is_joined() -> None:
    again = track(3, climbing(8), start=200)
    assert choose([track(1, climbing(20)), again]) == [1, 3]
    assert choose([track(1, climbing(20)), track(3, climbing(8), start=200, color=BLUE)]) == [1]
    assert choose([track(1, climbing(20)), track(3, 2 * climbing(8), start=200)]) == [1]


def test_someone_found_again_is_about_where_they_were_lost() -> None:
    again = track(3, climbing(8), start=110)
    there = replace(again, regions=tuple(replace(region, center_x_px=1200) for region in again.regions))
    assert choose([track(1, climbing(20)), there]) == [1]


def test_two_bodies_for_a_moment_are_one_person_who_was_lost_and_found() -> None:
    assert choose([track(1, climbing(20)), track(2, climbing(12), start=90)]) == [1, 2]
    assert choose([track(1, climbing(20)), track(2, climbing(2), start=90)]) == [1], "nothing is gained"


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
