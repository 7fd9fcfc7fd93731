import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascension.biomechanics.conventions import ANGLE_NAMES, JOINT_ANGLES, Landmark
from ascension.biomechanics.kinematics import joint_angles_deg
from ascension.biomechanics.poses import FloatArray, PoseSequence
from tests.biomechanics.bodies import arm, sequence

LEFT_ELBOW = ANGLE_NAMES.index("left_elbow")


def left_elbow_deg(places: FloatArray) -> float:
    return float(joint_angles_deg(sequence(places))[0, LEFT_ELBOW])


@pytest.mark.proves("D15")
@given(elbow_deg=st.floats(0, 180), turned_deg=st.floats(0, 360), length_px=st.floats(5, 2000))
def test_an_angle_is_what_the_picture_shows_however_the_arm_is_turned(
    elbow_deg: float, turned_deg: float, length_px: float
) -> None:
    found_deg = left_elbow_deg(arm(elbow_deg, turned_deg=turned_deg, length_px=length_px))
    assert found_deg == pytest.approx(elbow_deg, abs=1e-5)


@pytest.mark.proves("D15")
@pytest.mark.parametrize(("width_px", "height_px"), [(720, 1280), (1280, 720)])
def test_the_shape_of_the_frame_does_not_bend_angles(width_px: int, height_px: int) -> None:
    right_angle = arm(90.0, turned_deg=45.0)
    assert left_elbow_deg(right_angle) == pytest.approx(90)
    normalized = right_angle / (width_px, height_px)
    assert abs(left_elbow_deg(normalized) - 90) > 25, (
        "normalized places would be wrong: never compute with them"
    )


@pytest.mark.parametrize(("elbow_deg", "expected_deg"), [(0, 0), (180, 180), (270, 90)])
def test_straight_folded_and_bent_the_other_way(elbow_deg: float, expected_deg: float) -> None:
    assert left_elbow_deg(arm(elbow_deg)) == pytest.approx(expected_deg)


def test_an_angle_with_a_landmark_that_is_not_seen_is_not_measured() -> None:
    poses = sequence(arm(120.0))
    visibility = poses.visibility.copy()
    visibility[0, Landmark.LEFT_WRIST] = 0.49
    hidden = joint_angles_deg(PoseSequence(poses.time_s, poses.person, poses.landmarks_px, visibility))
    assert np.isnan(hidden[0, LEFT_ELBOW])
    assert np.isfinite(hidden[0, ANGLE_NAMES.index("left_shoulder")])


def test_landmarks_in_one_place_make_no_angle() -> None:
    places = arm(120.0)
    places[0, Landmark.LEFT_WRIST] = places[0, Landmark.LEFT_ELBOW]
    assert np.isnan(left_elbow_deg(places))


def test_a_frame_without_a_person_has_no_angles() -> None:
    places = np.concatenate([arm(60.0), arm(60.0)])
    angles = joint_angles_deg(sequence(places, person=[True, False]))
    assert np.isfinite(angles[0]).all()
    assert np.isnan(angles[1]).all()


def test_left_and_right_share_their_definition() -> None:
    for left, right in zip(JOINT_ANGLES[::2], JOINT_ANGLES[1::2], strict=True):
        assert right.name == left.name.replace("left", "right")
        for one, other in (
            (left.proximal, right.proximal),
            (left.joint, right.joint),
            (left.distal, right.distal),
        ):
            assert other.name == one.name.replace("LEFT", "RIGHT")
