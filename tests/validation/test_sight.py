"""What the truth calls seen is what an eye sees: frames that were looked at one by one."""

import pytest

from ascension.biomechanics.conventions import Landmark
from validation import truth as truths
from validation.listed import CLIPS

LEFT_ANKLE, RIGHT_ANKLE, RIGHT_KNEE = Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE, Landmark.RIGHT_KNEE
LEFT_WRIST, RIGHT_WRIST = Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST


@pytest.mark.parametrize(
    ("scene", "frames", "landmark"),
    [
        pytest.param(
            "foot-cut", (0, 5, 12, 64, 88), LEFT_ANKLE, id="shank-at-the-camera-below-it-hem-and-foot"
        ),
        pytest.param("foot-cut", (0, 10), RIGHT_ANKLE, id="the-other-shank"),
        pytest.param("foot-cut", (26, 42), RIGHT_KNEE, id="knee-from-behind"),
        pytest.param("far", (0, 5, 14), LEFT_WRIST, id="forearm-at-the-camera"),
        pytest.param("belayer-and-rope", (3,), LEFT_WRIST, id="wrist-in-the-shade"),
    ],
)
def test_a_joint_on_a_limb_that_points_at_the_camera_is_seen(
    scene: str, frames: tuple[int, ...], landmark: Landmark
) -> None:
    visible = truths.load(CLIPS / f"{scene}.npz").visible
    assert visible[list(frames), landmark].all()


@pytest.mark.parametrize(
    ("scene", "frames", "landmark"),
    [
        pytest.param("far", (0, 9, 18, 27, 36), RIGHT_WRIST, id="behind-the-head"),
        pytest.param("camouflage", (52, 59, 66, 73, 79), LEFT_WRIST, id="behind-the-own-upper-arm"),
        pytest.param("vertical", (0, 13, 26), LEFT_WRIST, id="behind-the-own-trunk"),
        pytest.param("belayer-and-rope", (11, 57, 89), LEFT_ANKLE, id="behind-somebody-else"),
        pytest.param("pole", (60, 65, 69), LEFT_WRIST, id="behind-the-shoulder"),
    ],
)
def test_a_joint_behind_something_else_is_hidden(
    scene: str, frames: tuple[int, ...], landmark: Landmark
) -> None:
    visible = truths.load(CLIPS / f"{scene}.npz").visible
    assert not visible[list(frames), landmark].any()
