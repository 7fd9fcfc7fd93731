from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascension.biomechanics.balance import SEGMENTS, center_of_mass
from ascension.biomechanics.conventions import Landmark
from ascension.climbing.body import PROPORTIONS, Body, Level, lengths, with_body
from ascension.climbing.limbs import FEET, HANDS, Limb
from ascension.climbing.measures.loads import HAND_CAPACITY
from tests.climbing.stories import TORSO_M, Story, motion_of


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("height_m", 175.0),
        ("height_m", 0.3),
        ("arm_span_m", 5.0),
        ("mass_kg", 0.0),
        ("mass_kg", float("nan")),
    ],
)
def test_what_no_body_has_is_refused(name: str, told: float) -> None:
    with pytest.raises(ValueError, match=name):
        replace(Body(), **{name: told})


def test_a_missing_limb_cannot_be_injured() -> None:
    with pytest.raises(ValueError, match="left_hand"):
        Body(missing=frozenset(HANDS), injured=frozenset([Limb.LEFT_HAND]))


def test_missing_limbs_name_segments_of_the_mass_table() -> None:
    body = Body(missing=frozenset(Limb))
    assert set(body.missing_segments) == {segment.name for segment in SEGMENTS} - {"head", "trunk"}


class TestLengths:
    def test_from_the_height(self) -> None:
        found = lengths(Body(height_m=1.8))
        assert found["thigh"].value == pytest.approx(0.441)
        assert {one.source for one in found.values()} == {"height"}
        assert {one.unit for one in found.values()} == {"m"}

    def test_an_arm_span_replaces_the_arms_and_nothing_else(self) -> None:
        short, long = lengths(Body(height_m=1.8)), lengths(Body(height_m=1.8, arm_span_m=2.0))
        arms = ("upper_arm", "forearm", "hand")
        whole = 2 * sum(long[name].value for name in arms) + 2 * long["half_shoulder_width"].value
        assert whole == pytest.approx(2.0)
        for name in PROPORTIONS:
            assert (long[name].source == "arm_span") == (name in arms)
            assert (long[name] == short[name]) == (name not in arms)

    def test_nothing_told_gives_torso_lengths(self) -> None:
        found = lengths(Body())
        assert found["trunk"].value == 1
        assert found["thigh"].value == pytest.approx(0.245 / 0.288)
        assert {one.unit for one in found.values()} == {"torso"}

    def test_what_is_seen_is_measured(self) -> None:
        """The made-up body's thighs are (0.08, 0.42) m, its hips 0.24 m wide."""
        found = lengths(Body(height_m=1.8), motion_of(Story(2)))
        assert found["thigh"].value == pytest.approx(np.hypot(0.08, 0.42))
        assert found["thigh"].source == "measured"
        assert found["half_hip_width"].value == pytest.approx(0.12)
        assert found["hand"].source == "height"

    def test_measured_lengths_are_freed_of_parallax(self) -> None:
        found = lengths(Body(), motion_of(Story(2, parallax_pct=20)))
        assert found["half_hip_width"].value == pytest.approx(0.12 / 1.2)

    def test_foreshortened_frames_do_not_shorten_it(self) -> None:
        def knee(
            time_s: np.ndarray[tuple[int], np.dtype[np.float64]],
        ) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
            return np.column_stack([np.full(len(time_s), -0.12), -0.42 * np.where(time_s < 6, 0.3, 1.0)])

        motion = motion_of(Story(10, landmarks={Landmark.LEFT_KNEE: knee, Landmark.RIGHT_KNEE: knee}))
        hip_to_knee = lengths(Body(), motion)["thigh"].value
        assert hip_to_knee == pytest.approx(np.hypot(0.24, 0.42), rel=0.01)

    def test_hidden_segments_come_from_the_table_in_the_unit_of_the_motion(self) -> None:
        hidden: dict[Landmark, tuple[float, float]] = {}
        hidden[Landmark.LEFT_KNEE] = hidden[Landmark.RIGHT_KNEE] = (0.0, 2.0)
        found = lengths(Body(), motion_of(Story(2, hidden=hidden)))
        assert found["thigh"].source == "torso"
        assert found["thigh"].unit == "m"
        assert found["thigh"].value == pytest.approx(TORSO_M * 0.245 / 0.288)
        assert found["trunk"].source == "measured"

    def test_torso_lengths_do_not_overwrite_told_meters(self) -> None:
        found = lengths(Body(height_m=1.8), motion_of(Story(2, unit="torso")))
        assert {one.unit for one in found.values()} == {"m"}

    def test_a_moment_measures_nothing(self) -> None:
        assert lengths(Body(height_m=1.8), motion_of(Story(0.2)))["thigh"].source == "height"

    @given(st.floats(0.8, 2.6))
    def test_lengths_are_proportional_to_height(self, height_m: float) -> None:
        found = lengths(Body(height_m=height_m))
        assert found["shank"].value == pytest.approx(0.246 * height_m)


class TestCenterOfMass:
    def test_nothing_told_leaves_it(self) -> None:
        motion = motion_of(Story(1))
        assert with_body(motion, Body(height_m=1.8, mass_kg=70)) is motion

    def test_sex_and_missing_limbs_move_it(self) -> None:
        motion = motion_of(Story(1))
        legless = with_body(motion, Body(missing=frozenset(FEET)))
        assert (legless.center_of_mass[:, 1] > motion.center_of_mass[:, 1] + 0.1).all()
        female = with_body(motion, Body(sex="female"))
        assert female.center_of_mass == pytest.approx(center_of_mass(motion.landmarks, "female"))

    def test_without_a_left_leg_it_moves_to_the_right(self) -> None:
        motion = motion_of(Story(1))
        found = with_body(motion, Body(missing=frozenset([Limb.LEFT_FOOT])))
        assert (found.center_of_mass[:, 0] > motion.center_of_mass[:, 0]).all()


def test_hands_of_higher_levels_hold_more() -> None:
    levels: tuple[Level, ...] = ("beginner", "intermediate", "advanced", "elite")
    capacities = [HAND_CAPACITY[level] for level in levels]
    assert capacities == sorted(set(capacities))
