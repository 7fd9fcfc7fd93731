from collections.abc import Callable

import numpy as np
import pytest

from ascension.biomechanics.conventions import LANDMARK_NAMES, Landmark
from ascension.biomechanics.poses import FloatArray
from ascension.biomechanics.sides import GROUPS, MIRROR, repair
from tests.biomechanics.bodies import sequence, upright

TRUNK, ARMS, LEGS = range(3)


def exchange(places: FloatArray, frames: slice, group: int) -> FloatArray:
    """The same motion with the labels of one group exchanged in some frames."""
    changed = places.copy()
    columns = np.array(GROUPS[group])
    changed[frames, columns[:, None]] = places[frames, MIRROR[columns][:, None]]
    return changed


def swinging(frames: int = 60) -> FloatArray:
    """(frames, 33, 2): an upright body whose hands and feet move."""
    places = np.repeat(upright(), frames, axis=0)
    phase = np.linspace(0, 2 * np.pi, frames)
    places[:, Landmark.LEFT_WRIST, 1] -= 40 * np.sin(phase)
    places[:, Landmark.RIGHT_ANKLE, 0] += 25 * np.sin(phase)
    return places


def crossing(frames: int = 60) -> FloatArray:
    """(frames, 33, 2): the left hand moves over to the right of the right one, and back."""
    places = np.repeat(upright(), frames, axis=0)
    over = 260 * np.sin(np.linspace(0, np.pi, frames))
    places[:, Landmark.LEFT_WRIST, 0] += over
    places[:, Landmark.LEFT_ELBOW, 0] += over / 2
    return places


def test_every_landmark_has_its_mirror() -> None:
    assert np.array_equal(MIRROR[MIRROR], np.arange(33))
    assert LANDMARK_NAMES[MIRROR[Landmark.LEFT_HEEL]] == "right_heel"
    assert MIRROR[Landmark.MOUTH_LEFT] == Landmark.MOUTH_RIGHT
    assert MIRROR[Landmark.NOSE] == Landmark.NOSE
    assert sorted(column for group in GROUPS for column in group) == list(range(33))


@pytest.mark.parametrize("group", [TRUNK, ARMS, LEGS])
@pytest.mark.parametrize("frames", [slice(20, 21), slice(20, 35), slice(0, 3), slice(52, 60)])
def test_an_exchange_is_undone_and_told(group: int, frames: slice) -> None:
    places = swinging()
    repaired = repair(sequence(exchange(places, frames, group)))
    expected = np.zeros((60, 3), np.bool_)
    expected[frames, group] = True
    assert np.array_equal(repaired.exchanged, expected)
    assert np.array_equal(repaired.poses.landmarks_px, places)


def test_the_whole_body_exchanged_is_undone() -> None:
    places = swinging()
    changed = places.copy()
    changed[10:22] = places[10:22, MIRROR]
    repaired = repair(sequence(changed))
    assert repaired.exchanged[10:22].all()
    assert not repaired.exchanged[:10].any()
    assert np.array_equal(repaired.poses.landmarks_px, places)


def test_what_is_in_one_place_for_a_frame_does_not_hide_which_frame_was_exchanged() -> None:
    """The network turns the legs over and back again; on the way it puts both in one place."""
    places = swinging()
    changed = exchange(places, slice(31, 32), LEGS)
    columns = np.array(GROUPS[LEGS])
    for frame in (29, 32):
        changed[frame, columns] = (places[frame, columns] + places[frame, MIRROR[columns]]) / 2
    exchanged = repair(sequence(changed)).exchanged
    assert np.flatnonzero(exchanged.any(axis=1)).tolist() == [31]
    assert exchanged[31].tolist() == [False, False, True]


def test_who_grips_is_seen_from_behind() -> None:
    """Even when most of the clip says otherwise: the network took the back for the chest."""
    places = swinging(90)
    changed = places.copy()
    changed[20:] = places[20:, MIRROR]
    repaired = repair(sequence(changed))
    assert repaired.exchanged[20:].all()
    assert np.array_equal(repaired.poses.landmarks_px, places)


def test_who_stands_may_face_the_camera() -> None:
    standing = swinging(60)[:, MIRROR]
    standing[:, 13:23, 1] += 160
    assert not repair(sequence(standing)).exchanged.any()


@pytest.mark.parametrize("motion", [swinging, crossing])
def test_what_is_right_is_left_alone(motion: Callable[[], FloatArray]) -> None:
    places = motion() + np.random.default_rng(5).normal(0, 2.0, (60, 33, 2))
    repaired = repair(sequence(places))
    assert not repaired.exchanged.any()
    assert np.array_equal(repaired.poses.landmarks_px, places)


def test_a_long_gap_forgets_where_the_limbs_were() -> None:
    places = np.concatenate([swinging(30), exchange(swinging(30), slice(0, 30), LEGS)])
    person = [not 26 <= index < 45 for index in range(60)]
    assert not repair(sequence(places, person=person)).exchanged.any()


def test_the_smaller_part_is_exchanged() -> None:
    changed = exchange(swinging(90), slice(0, 60), ARMS)
    repaired = repair(sequence(changed))
    assert not repaired.exchanged[:60].any()
    assert repaired.exchanged[60:, ARMS].all()


def test_a_clip_without_a_body_stays_empty() -> None:
    repaired = repair(sequence(swinging(4), person=[False] * 4))
    assert not repaired.exchanged.any()
    assert np.isnan(repaired.poses.landmarks_px).all()
