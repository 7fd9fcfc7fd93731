import numpy as np
import pytest

from ascension.biomechanics.balance import (
    SEGMENTS,
    center_of_mass,
    center_of_mass_px,
    center_of_mass_spread,
    seen_mass_pct,
)
from ascension.biomechanics.conventions import LANDMARK_COUNT, Landmark
from ascension.biomechanics.poses import PoseSequence
from tests.biomechanics.bodies import drifting, sequence, upright


@pytest.mark.parametrize(("sex", "expected_pct"), [(0, 99.99), (1, 100.0)])
def test_the_segments_weigh_one_body(sex: int, expected_pct: float) -> None:
    assert sum(segment.mass_pct[sex] for segment in SEGMENTS) == pytest.approx(expected_pct, abs=1e-9)


def test_the_head_weighs_seven_percent() -> None:
    head = next(segment for segment in SEGMENTS if segment.name == "head")
    assert head.mass_pct == (6.68, 6.94)


def test_a_body_in_one_point_balances_there() -> None:
    places = np.full((1, LANDMARK_COUNT, 2), (320.0, 540.0))
    assert center_of_mass_px(sequence(places))[0] == pytest.approx((320, 540))


def test_the_center_moves_with_the_body_and_turns_with_it() -> None:
    places = drifting(1)
    center = center_of_mass_px(sequence(places))[0]
    quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
    assert center_of_mass_px(sequence(places + np.array([40, -7])))[0] == pytest.approx(
        center + np.array([40, -7])
    )
    assert center_of_mass_px(sequence(places @ quarter))[0] == pytest.approx(center @ quarter)


def test_a_raised_left_shank_shifts_it_by_its_share() -> None:
    places = drifting(1)
    raised = places.copy()
    raised[0, Landmark.LEFT_ANKLE, 1] -= 100
    shift = (
        center_of_mass_px(sequence(raised), "female")[0] - center_of_mass_px(sequence(places), "female")[0]
    )
    assert shift == pytest.approx((0, -100 * 0.4416 * 4.81 / 99.99))


def test_without_a_sex_the_tables_are_averaged() -> None:
    poses = sequence(drifting(1))
    female, male = (center_of_mass_px(poses, sex)[0] for sex in ("female", "male"))
    unspecified = center_of_mass_px(poses)[0]
    assert np.all(unspecified >= np.minimum(female, male) - 1e-9)
    assert np.all(unspecified <= np.maximum(female, male) + 1e-9)
    assert unspecified == pytest.approx((female + male) / 2, abs=1.0)


def test_no_person_no_center() -> None:
    centers = center_of_mass_px(sequence(drifting(2), person=[False, True]))
    assert np.isnan(centers[0]).all()
    assert np.isfinite(centers[1]).all()


def test_a_hidden_leg_takes_its_mass_out_of_what_is_seen() -> None:
    visibility = np.ones((2, LANDMARK_COUNT))
    visibility[1, [Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE, Landmark.LEFT_HEEL]] = 0.2
    poses = PoseSequence(np.arange(2.0), np.ones(2, np.bool_), drifting(2), visibility)
    seen_pct = seen_mass_pct(poses, "male")
    assert seen_pct == pytest.approx([100, 100 - 14.16 - 4.33 - 1.37], abs=0.01)
    assert np.isnan(seen_mass_pct(sequence(drifting(2), person=[True, False]))[1])


def test_a_missing_arm_leaves_the_others_their_shares() -> None:
    missing = ("left_upper_arm", "left_forearm", "left_hand")
    places = drifting(1)
    with_arm, without = (center_of_mass(places, "male", names)[0] for names in ((), missing))
    alone = tuple(segment.name for segment in SEGMENTS if segment.name not in missing)
    arm = center_of_mass(places, "male", alone)[0]
    share = (2.71 + 1.62 + 0.61) / 100
    assert with_arm == pytest.approx((1 - share) * without + share * arm)
    assert seen_mass_pct(sequence(places), "male", missing) == pytest.approx([100])


def test_names_of_no_segment_are_refused() -> None:
    with pytest.raises(ValueError, match="tail"):
        center_of_mass(drifting(1), None, ["tail"])
    with pytest.raises(ValueError, match="any segment"):
        center_of_mass(drifting(1), None, [segment.name for segment in SEGMENTS])


def test_the_spread_is_what_an_unspecified_sex_leaves_open() -> None:
    places = upright()
    female, male = (center_of_mass(places, sex)[0] for sex in ("female", "male"))
    (spread,) = center_of_mass_spread(places)
    assert spread == pytest.approx(np.linalg.norm(female - male))
    assert 0 < spread < 5  # percent of the torso


def test_it_is_the_same_on_the_wall_as_in_the_picture() -> None:
    places = drifting(3)
    assert center_of_mass(places * (0.005, -0.005)) == pytest.approx(
        center_of_mass_px(sequence(places)) * (0.005, -0.005)
    )
