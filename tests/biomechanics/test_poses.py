import numpy as np
import pytest

from ascension.biomechanics.conventions import LANDMARK_COUNT, LANDMARK_NAMES, Landmark
from ascension.biomechanics.poses import PoseSequence
from tests.biomechanics.bodies import drifting, sequence


def test_landmarks_have_the_order_of_the_file() -> None:
    assert LANDMARK_COUNT == 33
    assert LANDMARK_NAMES[0] == "nose"
    assert LANDMARK_NAMES[Landmark.RIGHT_FOOT_INDEX] == "right_foot_index"


def test_torso_is_the_median_over_frames_with_a_person() -> None:
    places = drifting(3)
    places[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]] = (100.0, 50.0)
    places[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]] = np.array([[[100, 150]], [[100, 170]], [[100, 900]]])
    assert sequence(places, person=[True, True, False]).torso_px() == pytest.approx(110)


def test_torso_without_any_person_is_refused() -> None:
    with pytest.raises(ValueError, match="no frame shows a person"):
        sequence(drifting(2), person=[False, False]).torso_px()


@pytest.mark.parametrize("field", ["person", "landmarks_px", "visibility"])
def test_arrays_of_another_length_are_refused(field: str) -> None:
    good = sequence(drifting(4))
    arrays = {name: getattr(good, name) for name in ("time_s", "person", "landmarks_px", "visibility")}
    arrays[field] = arrays[field][:3]
    with pytest.raises(ValueError, match=field):
        PoseSequence(**arrays)


def test_a_place_without_a_person_is_refused() -> None:
    good = sequence(drifting(2))
    with pytest.raises(ValueError, match="landmarks_px"):
        PoseSequence(good.time_s, np.array([True, False]), good.landmarks_px, good.visibility)


def test_time_that_stands_still_is_refused() -> None:
    good = sequence(drifting(2))
    with pytest.raises(ValueError, match="strictly increasing"):
        PoseSequence(np.zeros(2), good.person, good.landmarks_px, good.visibility)


def test_visibility_beyond_one_is_refused() -> None:
    good = sequence(drifting(2))
    with pytest.raises(ValueError, match="0-1"):
        PoseSequence(good.time_s, good.person, good.landmarks_px, good.visibility * 1.5)
