"""Every measure on a made-up climb whose answer is known."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path as FilePath

import numpy as np
import pytest

from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import FloatArray
from ascension.climbing.body import Body
from ascension.climbing.limbs import FEET, HANDS, LIMBS
from ascension.climbing.measures import DEFINITIONS, measures_of
from ascension.climbing.record import ContactKind, UsedHold
from tests.climbing.stories import (
    Happened,
    Path,
    Reach,
    Story,
    Told,
    jump,
    line,
    material,
    measured,
    reason,
    steps,
    still,
    value,
)

LEFT_HAND, RIGHT_HAND, LEFT_FOOT, RIGHT_FOOT = LIMBS
ALL_ON = tuple(Told(limb, 0, 10, hold=number) for number, limb in enumerate(LIMBS))
HANDS_ON = tuple(Told(limb, 0, 10) for limb in HANDS)


def half_circle(time_s: FloatArray) -> FloatArray:
    """Radius 1 m in 10 s."""
    turn = np.pi * time_s / 10
    return np.column_stack([np.sin(turn), 1 - np.cos(turn)])


def in_steps(*pieces: tuple[float, float]) -> Path:
    """Straight up in pieces of (seconds, meters per second)."""
    ends_s = np.cumsum([0.0, *(lasts for lasts, _ in pieces)])
    heights = np.cumsum([0.0, *(lasts * speed for lasts, speed in pieces)])
    return lambda time_s: np.column_stack([np.zeros(len(time_s)), np.interp(time_s, ends_s, heights)])


def angle(*pieces: tuple[float, float]) -> Callable[[FloatArray], FloatArray]:
    """Angles in pieces of (until second, degrees)."""

    def path(time_s: FloatArray) -> FloatArray:
        found = np.zeros(len(time_s))
        start_s = 0.0
        for until_s, degrees in pieces:
            found[(time_s >= start_s) & (time_s < until_s)] = degrees
            start_s = until_s
        return found

    return path


def hand_moves(*starts_s: float, lasts_s: float = 1.0) -> tuple[Reach, ...]:
    """Left, right, left, ..."""
    return tuple(Reach(HANDS[number % 2], start, start + lasts_s) for number, start in enumerate(starts_s))


class TestPath:
    def test_b01_a_straight_way_has_no_entropy(self) -> None:
        story = Story(10, line((0, 0), (0.5, 2), 10))
        assert value(story, "geometric_entropy") == pytest.approx(0, abs=1e-6)

    def test_b01_a_half_circle(self) -> None:
        exact = np.log(2 * np.pi / (np.pi + 2))
        assert value(Story(10, half_circle), "geometric_entropy") == pytest.approx(exact, abs=0.002)

    def test_b01_says_what_it_may_be_compared_with(self) -> None:
        assert "same route only" in measured(material(Story(10, half_circle)), "geometric_entropy").source

    def test_b02_a_half_circle_is_longer_than_its_diameter(self) -> None:
        story = Story(10, half_circle)
        assert value(story, "path_ratio") == pytest.approx(np.pi / 2, rel=0.005)
        assert value(story, "excess_path") == pytest.approx(np.pi - 2, abs=0.02)

    def test_b02_there_and_back_has_no_direct_way(self) -> None:
        story = Story(10, steps((0, 5, (0, 0), (0, 1)), (5, 10, (0, 1), (0, 0))))
        assert "ended where they started" in reason(story, "path_ratio")
        assert value(story, "excess_path") == pytest.approx(2, abs=0.01)

    def test_b03_speed_is_height_over_time(self) -> None:
        story = Story(10, line((0, 0), (3, 2), 10))
        assert value(story, "climbing_speed") == pytest.approx(0.2, rel=1e-4)
        assert measured(material(story), "climbing_speed").unit == "m/s"

    def test_b03_a_way_down_is_negative(self) -> None:
        assert value(Story(10, line((0, 2), (0, 0), 10)), "climbing_speed") == pytest.approx(-0.2, rel=1e-4)

    def test_b03_four_moves_in_ten_seconds(self) -> None:
        assert value(Story(10, moves=hand_moves(1, 3, 5, 7)), "pace") == pytest.approx(24)

    def test_b25_work_counts_what_was_climbed_twice(self) -> None:
        hips = steps((0, 4, (0, 0), (0, 1)), (4, 6, (0, 1), (0, 0.5)), (6, 10, (0, 0.5), (0, 1.5)))
        story = Story(12, hips, body=Body(mass_kg=60))
        assert value(story, "height_work") == pytest.approx(60 * 9.81 * 2, rel=0.01)
        assert value(story, "work_ratio") == pytest.approx(2 / 1.5, rel=0.01)

    def test_b25_needs_a_mass_and_meters(self) -> None:
        story = Story(10, line((0, 0), (0, 1), 10))
        assert "mass" in reason(story, "height_work")
        assert "meters" in reason(replace(story, unit="torso", body=Body(mass_kg=60)), "height_work")

    def test_ways_of_the_body_are_freed_of_parallax_ways_on_the_wall_have_none(self) -> None:
        """Seen 10 % larger than the wall behind it, a body that rose 1 m seems to rise 1.1 m."""
        contacts = (Told(LEFT_HAND, 0, 5, (0, 1)), Told(LEFT_HAND, 6, 10, (0, 2)))
        story = Story(
            10, line((0, 0), (0, 1.1), 10), contacts=contacts, body=Body(mass_kg=60), parallax_pct=10
        )
        assert value(story, "climbing_speed") == pytest.approx(0.1, rel=1e-3)
        assert value(story, "height_work") == pytest.approx(60 * 9.81, rel=0.005)
        assert value(story, "height_gained") == pytest.approx(1)
        assert value(replace(story, unit="torso"), "climbing_speed") == pytest.approx(0.11, rel=1e-3)

    def test_b29_from_the_lowest_to_the_highest_hand(self) -> None:
        contacts = (
            Told(LEFT_HAND, 0, 5, (0, 1)),
            Told(LEFT_HAND, 6, 10, (0, 2.2)),
            Told(RIGHT_HAND, 0, 10, (0, 1.5)),
        )
        story = Story(10, contacts=contacts)
        assert value(story, "height_gained") == pytest.approx(1.2)
        assert "not known" in reason(story, "route_share")
        assert measured(replace(material(story), top_y=3.0), "route_share").value == pytest.approx(60)


class TestStillness:
    story = Story(15, in_steps((4, 0.2), (3, 0), (4, 0.2), (1, 0), (3, 0.2)))

    def test_b04_counts_what_lasts(self) -> None:
        assert value(self.story, "plateau_count") == 1
        assert value(self.story, "plateau_longest") == pytest.approx(3, abs=0.2)
        assert value(self.story, "plateau_mean") == pytest.approx(3, abs=0.2)
        assert value(self.story, "immobility_share") == pytest.approx(20, abs=1.5)

    def test_b04_says_where(self) -> None:
        (plateau,) = measured(material(self.story), "plateau_longest").frames
        assert (plateau.start, plateau.end) == pytest.approx((120, 210), abs=4)

    def test_b04_never_still(self) -> None:
        story = Story(10, line((0, 0), (0, 2), 10))
        assert value(story, "immobility_share") == 0
        assert "never stayed still" in reason(story, "plateau_longest")

    def test_b04_a_rest_of_a_minute(self) -> None:
        assert value(Story(60), "plateau_longest") == pytest.approx(60)
        assert value(Story(60), "immobility_share") == pytest.approx(100)

    def test_b05_four_states(self) -> None:
        """2 s nothing moves, 4 s the hips, 6 s a hand, 8 s both."""
        hips = in_steps((2, 0), (4, 0.2), (6, 0), (8, 0.2))

        def hand(time_s: FloatArray) -> FloatArray:
            return np.column_stack([-0.3 + np.interp(time_s, [0, 6, 20], [0, 0, 4]), np.ones(len(time_s))])

        ends = dict.fromkeys(LIMBS, still((0.2, -0.8))) | {LEFT_HAND: hand}
        story = Story(20, hips, ends)
        shares = {"immobility": 10, "postural_regulation": 20, "hold_interaction": 30, "traction": 40}
        for state, share in shares.items():
            assert value(story, f"state_{state}") == pytest.approx(share, abs=2), state

    def test_b31_rests_are_counted_and_added(self) -> None:
        story = Story(20, events=(Happened("rest", 2, 6), Happened("rest", 10, 13.5)))
        assert value(story, "rest_count") == 2
        assert value(story, "rest_time") == pytest.approx(7.5)

    def test_b31_no_rest_is_zero_because_it_was_looked_for(self) -> None:
        found = measured(material(Story(20)), "rest_time")
        assert found.value == 0
        assert found.confidence > 0.9

    def test_b34_the_time_before_the_climb_that_was_spent_still(self) -> None:
        story = Story(20, in_steps((3, 0.5), (4, 0), (13, 0.2)), attempt_s=(8, 20))
        assert value(story, "preview_time") == pytest.approx(5, abs=1.3)
        still_only = Story(20, in_steps((8, 0), (12, 0.2)), attempt_s=(8, 20))
        assert value(still_only, "preview_time") == pytest.approx(8, abs=0.1)

    def test_b34_a_clip_that_starts_on_the_wall(self) -> None:
        assert "before" in reason(Story(10), "preview_time")
        assert "less than 2 s" in reason(Story(10, attempt_s=(1.9, 10)), "preview_time")


class TestMoves:
    hand = steps((2, 3.2, (-0.3, 1), (-0.3, 1.7)), (5, 6.2, (-0.3, 1.7), (0.1, 2.3)))
    story = Story(
        10,
        steps((1.5, 3.5, (0, 0), (0, 0.3)), (4.5, 6.5, (0, 0.3), (0, 0.6))),
        {LEFT_HAND: hand},
        moves=(Reach(LEFT_HAND, 2, 3.2, 0.5, 0.3), Reach(LEFT_HAND, 5, 6.2, 0.5, 0.3)),
    )

    def test_b06_an_ideal_reach(self) -> None:
        assert value(self.story, "reach_sparc") == pytest.approx(-1.40, abs=0.03)
        assert value(self.story, "hip_sparc") == pytest.approx(-1.40, abs=0.05)

    def test_b06_four_perfect_reaches_are_as_smooth_as_one(self) -> None:
        """Over the whole climb, the rests between them would count as roughness (-10.0)."""
        stops = [(4.0 * n, 4.0 * n + 1.2, (0.0, 0.7 * n), (0.0, 0.7 * (n + 1))) for n in range(4)]
        moves = tuple(Reach(LEFT_HAND, start, end, 0, 0.3) for start, end, _, _ in stops)
        story = Story(16, ends={LEFT_HAND: steps(*stops)}, moves=moves)
        assert value(story, "reach_sparc") == pytest.approx(-1.40, abs=0.03)

    def test_b06_a_reach_in_three_attempts_is_rougher(self) -> None:
        hand = steps(
            (2, 2.5, (0, 1), (0, 1.3)), (2.6, 3.0, (0, 1.3), (0, 1.5)), (3.1, 3.6, (0, 1.5), (0, 1.7))
        )
        story = replace(self.story, ends={LEFT_HAND: hand}, moves=(Reach(LEFT_HAND, 2, 3.6),))
        assert value(story, "reach_sparc") < -2

    def test_b07_an_ideal_reach(self) -> None:
        assert value(self.story, "reach_ldlj") == pytest.approx(-np.log(204.8), abs=0.35)
        assert value(self.story, "hip_ldlj") == pytest.approx(-np.log(204.8), abs=0.35)

    def test_b08_an_ideal_way_of_the_hips(self) -> None:
        assert value(self.story, "hip_jerk") == pytest.approx(720, rel=0.15)

    def test_b06_hidden_hands_have_no_smoothness(self) -> None:
        hidden = dict.fromkeys((Landmark.LEFT_WRIST, Landmark.LEFT_INDEX, Landmark.LEFT_PINKY), (0.0, 10.0))
        assert "0 % of hand moves" in reason(replace(self.story, hidden=hidden), "reach_sparc")

    def test_b16_and_b17(self) -> None:
        moves = (
            Reach(LEFT_HAND, 2, 3, 0.4, 0.2, distance=0.5),
            Reach(RIGHT_HAND, 4, 5.4, 0.6, 0.4, distance=0.7),
            Reach(LEFT_HAND, 7, 7.9, 1.2, 0.6, distance=0.9),
            Reach(LEFT_FOOT, 8, 9.9, distance=0.3),
        )
        story = Story(10, moves=moves)
        assert value(story, "preparation_time") == pytest.approx(0.6)
        assert value(story, "reaching_time") == pytest.approx(1.0)
        assert value(story, "stabilization_time") == pytest.approx(0.4)
        assert value(story, "reach_count") == 3
        assert value(story, "reach_distance") == pytest.approx(0.7)
        assert value(story, "reach_time") == pytest.approx(1.1)

    def test_b17_a_grip_put_again_on_its_hold_is_no_reach(self) -> None:
        again = Reach(LEFT_HAND, 4, 4.3, from_hold=2, to_hold=2)
        unknown = Reach(LEFT_HAND, 6, 7, from_hold=None, to_hold=None)
        story = Story(10, moves=(Reach(LEFT_HAND, 1, 2), again, unknown))
        assert value(story, "reach_count") == 2
        assert value(story, "pace") == pytest.approx(12)

    def test_b27_kinds_are_counted(self) -> None:
        moves = (
            Reach(LEFT_HAND, 1, 2),
            Reach(RIGHT_HAND, 3, 4, kind="dynamic"),
            Reach(RIGHT_HAND, 5, 6, kind="deadpoint"),
            Reach(LEFT_HAND, 7, 8, kind="dyno"),
        )
        story = Story(10, moves=moves)
        assert value(story, "dynamic_count") == 3
        assert value(story, "deadpoint_count") == 1
        assert value(story, "dyno_count") == 1

    def test_b27_both_hands_of_a_dyno_are_one_dyno(self) -> None:
        moves = (Reach(LEFT_HAND, 3, 3.6, kind="dyno"), Reach(RIGHT_HAND, 3.2, 3.5, kind="dyno"))
        story = Story(10, moves=moves)
        assert value(story, "dyno_count") == value(story, "dynamic_count") == 1
        (dyno,) = measured(material(story), "dyno_count").frames
        assert (dyno.start, dyno.end) == (90, 108)

    def test_b27_few_frames_a_second_make_it_less_sure(self) -> None:
        story = Story(10, moves=hand_moves(1, 3))
        at_30, at_60 = (measured(material(story, fps), "dynamic_count").confidence for fps in (30, 60))
        assert at_30 == pytest.approx(0.6 * at_60)

    def test_b32_every_move_takes_a_fifth_of_a_second_longer(self) -> None:
        """But for one that took a second longer."""
        moves = tuple(Reach(HANDS[n % 2], 4.0 * n + 1, 4.0 * n + 2 + 0.2 * n + (n == 2)) for n in range(5))
        assert value(Story(24, moves=moves), "tempo_decay") == pytest.approx(0.2)

    def test_b32_three_moves_are_no_trend(self) -> None:
        assert "4 hand moves" in reason(Story(10, moves=hand_moves(1, 3, 5)), "tempo_decay")


class TestArms:
    def test_b09_six_of_ten_seconds_straight(self) -> None:
        story = Story(10, elbow_deg=angle((6, 170), (10, 100)), contacts=HANDS_ON)
        assert value(story, "straight_arm_share") == pytest.approx(60)

    def test_b09_150_degrees_are_straight_149_are_not(self) -> None:
        for degrees, share in ((150.01, 100), (149.9, 0)):
            story = Story(10, elbow_deg=angle((10, degrees)), contacts=HANDS_ON)
            assert value(story, "straight_arm_share") == share

    def test_b09_an_arm_that_hangs_holds_nothing(self) -> None:
        hanging = {LEFT_HAND: still((-0.3, 0.1)), RIGHT_HAND: still((0.3, 0.1))}
        assert "no arm above" in reason(Story(10, ends=hanging, contacts=HANDS_ON), "straight_arm_share")

    def test_b10_only_what_lasts_a_second(self) -> None:
        pieces = ((2, 100), (4, 160), (5.5, 100), (8, 160), (8.5, 100), (10, 160))
        story = Story(10, elbow_deg=angle(*pieces), contacts=HANDS_ON)
        assert value(story, "bent_hold_longest") == pytest.approx(2)
        assert value(story, "bent_hold_time") == pytest.approx(3.5)
        assert [(one.start, one.end) for one in measured(material(story), "bent_hold_time").frames] == [
            (0, 60),
            (120, 165),
        ]

    def test_b10_hidden_elbows_are_not_straight_ones(self) -> None:
        hidden = {Landmark.LEFT_ELBOW: (0.0, 6.0), Landmark.RIGHT_ELBOW: (0.0, 6.0)}
        story = Story(10, elbow_deg=angle((10, 100)), contacts=HANDS_ON, hidden=hidden)
        assert "40 %" in reason(story, "bent_hold_time")

    def test_b11_the_shoulder_after_one_of_two_grips(self) -> None:
        moves = hand_moves(1, 6)
        story = Story(10, shoulder_deg=angle((5, 120), (10, 170)), moves=moves)
        assert value(story, "shoulder_relaxing_share") == pytest.approx(50)

    def test_b33_turned_half_of_the_time(self) -> None:
        """Hips 24 cm wide, and 12 cm wide for six of ten seconds."""
        narrow = {
            Landmark.LEFT_HIP: jump(6, (-0.06, 0), (-0.12, 0)),
            Landmark.RIGHT_HIP: jump(6, (0.06, 0), (0.12, 0)),
        }
        assert value(Story(10, landmarks=narrow), "hip_turn_proxy") == pytest.approx(0.5)
        assert value(Story(10, landmarks=narrow), "shoulder_turn_proxy") == pytest.approx(1)


class TestSupport:
    """Feet stand from 0 to 4 s and from 5 to 10 s; hands move at 1, 3.5, 4.9 and 7 s."""

    feet = (
        *(Told(LEFT_FOOT, start, end) for start, end in ((0, 4), (5, 10))),
        Told(RIGHT_FOOT, 0, 10),
        *HANDS_ON,
    )
    story = Story(10, contacts=feet, moves=hand_moves(1, 3.5, 4.9, 7, lasts_s=0.8))

    def test_b12_before_and_during_the_reach(self) -> None:
        assert value(self.story, "supported_reach_share") == pytest.approx(50)

    def test_b12_bounds_of_contacts_may_be_a_tenth_of_a_second_off(self) -> None:
        story = replace(self.story, moves=hand_moves(1, 5.1, lasts_s=0.8))
        assert value(story, "supported_reach_share") == pytest.approx(100)

    def test_b13_when_the_reach_begins(self) -> None:
        assert value(self.story, "set_feet_share") == pytest.approx(75)

    def test_b12_hands_in_the_air_for_more_than_a_second(self) -> None:
        story = Story(10, moves=(Reach(LEFT_HAND, 1, 2.5), *hand_moves(3, 5, 7, lasts_s=0.9)))
        assert value(story, "long_reach_share") == pytest.approx(25)
        assert value(story, "long_reach_time") == pytest.approx(1.5)

    def test_b12_hidden_feet_are_not_missing_feet(self) -> None:
        contacts = (*HANDS_ON, *(Told(limb, 0, 10, kind="unseen") for limb in FEET))
        found = reason(replace(self.story, contacts=contacts), "supported_reach_share")
        assert "feet" in found

    def test_b14_and_b15_need_another_view(self) -> None:
        for name in ("weight_shift", "hip_to_wall"):
            assert reason(self.story, name).startswith("not measurable from this view, because")

    def test_b24_inside_and_outside_of_the_feet(self) -> None:
        """Five seconds between the feet, five seconds 0.3 m to the right of the right one."""
        hips = jump(5, (0, 0), (0.5, 0))
        feet = (Told(LEFT_FOOT, 0, 10, (-0.2, -0.8)), Told(RIGHT_FOOT, 0, 10, (0.2, -0.8)))
        assert value(Story(10, hips, contacts=feet), "support_offset") == pytest.approx(0.15, abs=0.01)

    def test_b24_on_one_foot(self) -> None:
        story = Story(10, contacts=(Told(LEFT_FOOT, 0, 10, (-0.2, -0.8)),))
        assert value(story, "support_offset") == pytest.approx(0.2)

    def test_b26_a_body_that_hangs_and_one_that_stands(self) -> None:
        """On a slab of 20 degrees hands carry less than upright, upright less than under a roof of 40."""
        places = ((-0.2, 1.0), (0.2, 1.0), (-0.2, -0.85), (0.2, -0.85))
        contacts = tuple(Told(limb, 0, 10, place) for limb, place in zip(LIMBS, places, strict=True))
        shares = [
            value(Story(10, contacts=contacts, overhang_deg=lean), "hand_load_estimate")
            for lean in (-20, 0, 40)
        ]
        assert shares == sorted(shares)
        assert 0 < shares[0] < 20
        assert shares[2] > 50

    def test_b26_needs_the_angle_and_is_an_estimate(self) -> None:
        assert "angle" in reason(Story(10, contacts=ALL_ON), "hand_load_estimate")

    def test_b26_an_injured_hand_carries_less(self) -> None:
        places = ((-0.2, 1.0), (0.2, 1.0), (-0.2, -0.85), (0.2, -0.85))
        contacts = tuple(Told(limb, 0, 10, place) for limb, place in zip(LIMBS, places, strict=True))
        story = Story(10, contacts=contacts, overhang_deg=30)
        injured = replace(story, body=Body(injured=frozenset([LEFT_HAND])))
        assert value(injured, "load_asymmetry_estimate") > value(story, "load_asymmetry_estimate") + 5

    @pytest.mark.parametrize("kind", ["floor", "unseen"])
    def test_b26_counts_only_stances_on_the_wall_that_are_known(self, kind: ContactKind) -> None:
        places = ((-0.2, 1.0), (0.2, 1.0), (-0.2, -0.85))
        contacts = [Told(limb, 0, 10, place) for limb, place in zip(LIMBS, places, strict=False)]
        contacts += [Told(RIGHT_FOOT, 0, 4, (0.2, -0.85), kind=kind), Told(RIGHT_FOOT, 4, 10, (0.2, -0.85))]
        found = measured(material(Story(10, contacts=tuple(contacts), overhang_deg=0)), "hand_load_estimate")
        assert min(one.start for one in found.frames) == 120

    def test_b26_forces_that_do_not_balance_are_no_result(self) -> None:
        contacts = (Told(LEFT_HAND, 0, 10, (3, 1)), Told(LEFT_FOOT, 0, 10, (3, -0.5)))
        assert "balance" in reason(Story(10, contacts=contacts, overhang_deg=0), "hand_load_estimate")


class TestContacts:
    def test_b18_mean_over_holds(self) -> None:
        contacts = (
            Told(LEFT_HAND, 0, 4, hold=0),
            Told(RIGHT_HAND, 0, 2, hold=0),
            Told(LEFT_HAND, 5, 7, hold=1),
            Told(LEFT_FOOT, 0, 9, hold=2),
        )
        story = Story(10, contacts=contacts)
        assert value(story, "hand_contact_time") == pytest.approx(4)
        assert value(story, "foot_contact_time") == pytest.approx(9)

    def test_b18_a_contact_whose_end_nobody_saw_does_not_count(self) -> None:
        contacts = (
            Told(LEFT_HAND, 0, 4, hold=0),
            Told(RIGHT_HAND, 0, 2, hold=1),
            Told(RIGHT_HAND, 2, 5, hold=1, kind="unseen"),
        )
        assert value(Story(10, contacts=contacts), "hand_contact_time") == pytest.approx(4)

    def test_b19_one_touched_two_used(self) -> None:
        contacts = (
            Told(LEFT_HAND, 0, 3, hold=0),
            Told(LEFT_HAND, 3.5, 4, hold=1),
            Told(LEFT_HAND, 4.5, 8, hold=2),
            Told(LEFT_HAND, 9, 10, hold=3),
        )
        story = Story(10, contacts=contacts, moves=(Reach(RIGHT_HAND, 1, 2), Reach(RIGHT_FOOT, 6, 7)))
        assert value(story, "exploration_ratio") == pytest.approx(0.5)
        (touch,) = measured(material(story), "exploration_ratio").frames
        assert (touch.start, touch.end) == (105, 120)

    def test_b20_hands_only(self) -> None:
        events = (Happened("readjustment", 2, 3, (LEFT_HAND,)), Happened("readjustment", 4, 5, (LEFT_FOOT,)))
        assert value(Story(10, contacts=ALL_ON, events=events), "grip_readjustments") == 1

    def test_b21_taps_and_replacements(self) -> None:
        """A tap of 0.3 s beside the place, then a stance, then put again 10 cm away, then a real move."""
        contacts = (
            Told(LEFT_FOOT, 0, 0.3, (0, 0)),
            Told(LEFT_FOOT, 0.6, 3, (0.1, 0)),
            Told(LEFT_FOOT, 3.5, 6, (0.2, 0)),
            Told(LEFT_FOOT, 7, 10, (0.2, 0.5)),
        )
        story = Story(10, contacts=contacts)
        assert value(story, "foot_replacements") == 2
        assert value(story, "foot_taps") == 1

    def test_b21_distance_from_the_middle_of_a_known_hold(self) -> None:
        hold = UsedHold(0, 0, 0, 0.05, hands=1, feet=2, confidence=1)
        contacts = (Told(LEFT_FOOT, 0, 5, (0.03, 0)), Told(LEFT_FOOT, 6, 10, (0, -0.05)))
        story = Story(10, contacts=contacts, holds=(hold,))
        assert value(story, "foot_offset_proxy") == pytest.approx(0.04)
        assert "middle" in reason(replace(story, holds=(replace(hold, hands=0),)), "foot_offset_proxy")

    def test_b22_cuts_are_counted_and_timed(self) -> None:
        events = (Happened("foot_cut", 2, 2.5, FEET), Happened("foot_cut", 6, 7, FEET))
        story = Story(10, contacts=ALL_ON, events=events)
        assert value(story, "foot_cut_count") == 2
        assert value(story, "foot_cut_time") == pytest.approx(1.5)

    def test_b23_releases_of_four_limbs(self) -> None:
        """Both feet let go within 0.1 s, a hand later; what goes out of sight and the end are no releases."""
        contacts = (
            Told(LEFT_FOOT, 0, 2),
            Told(RIGHT_FOOT, 0, 2.1),
            Told(LEFT_HAND, 0, 5),
            Told(LEFT_HAND, 6, 10),
            Told(RIGHT_HAND, 0, 5),
            Told(RIGHT_HAND, 5, 7, kind="unseen"),
        )
        story = Story(10, contacts=contacts)
        assert value(story, "release_frequency") == pytest.approx(3 / 4 / 10)
        assert value(story, "simultaneous_releases") == 1

    def test_b30_different_holds(self) -> None:
        contacts = (
            Told(LEFT_HAND, 0, 2, hold=4),
            Told(RIGHT_HAND, 3, 5, hold=4),
            Told(LEFT_FOOT, 0, 5, hold=1),
        )
        assert value(Story(10, contacts=contacts), "holds_used") == 2


class TestSides:
    def test_b28_three_reaches_right_one_left(self) -> None:
        moves = tuple(
            Reach(limb, 2.0 * n + 1, 2.0 * n + 2) for n, limb in enumerate((*HANDS, *[RIGHT_HAND] * 2))
        )
        assert value(Story(10, moves=moves), "reach_asymmetry") == pytest.approx(50)

    def test_b28_contact_time(self) -> None:
        story = Story(10, contacts=(Told(LEFT_HAND, 0, 6), Told(RIGHT_HAND, 0, 2)))
        assert value(story, "contact_asymmetry") == pytest.approx(-50)

    def test_b28_a_hidden_hand_is_no_free_hand(self) -> None:
        contacts = (Told(LEFT_HAND, 0, 10), Told(RIGHT_HAND, 0, 6), Told(RIGHT_HAND, 6, 10, kind="unseen"))
        assert value(Story(10, contacts=contacts), "contact_asymmetry") == pytest.approx(0)

    def test_b28_elbows(self) -> None:
        bent = {Landmark.LEFT_ELBOW: still((-0.35, 0.75)), Landmark.LEFT_WRIST: still((-0.2, 1.0))}
        straight = {Landmark.RIGHT_ELBOW: still((0.2, 0.75)), Landmark.RIGHT_WRIST: still((0.2, 1.0))}
        left_deg = 2 * np.degrees(np.arctan2(0.25, 0.15))
        story = Story(10, landmarks=bent | straight, contacts=HANDS_ON)
        exact = 100 * (180 - left_deg) / (180 + left_deg)
        assert value(story, "elbow_asymmetry") == pytest.approx(exact)

    def test_b28_loads_of_a_stance_shifted_to_the_right(self) -> None:
        places = ((-0.2, 1.0), (0.2, 1.0), (-0.2, -0.85), (0.2, -0.85))
        contacts = tuple(Told(limb, 0, 10, place) for limb, place in zip(LIMBS, places, strict=True))
        middle = Story(10, contacts=contacts, overhang_deg=0)
        assert value(middle, "load_asymmetry_estimate") == pytest.approx(0, abs=0.1)
        right, left = (
            value(replace(middle, hips=still((x, 0))), "load_asymmetry_estimate") for x in (0.1, -0.1)
        )
        assert right > 5
        assert left == pytest.approx(-right, abs=0.1)


def test_every_measure_of_the_issue_is_there() -> None:
    assert {one.id for one in DEFINITIONS} == {f"B{number:02}" for number in range(1, 35)}
    names = [one.name for one in DEFINITIONS]
    assert len(set(names)) == len(names)


def test_the_guide_explains_each_with_its_unit() -> None:
    guide = FilePath(__file__).parents[2] / "docs" / "guides" / "measures.md"
    rows = [line.split(" | ") for line in guide.read_text().splitlines() if line.startswith("| B")]
    explained: dict[str, tuple[str, str]] = {}
    for identity, names, _, units, *_ in rows:
        listed, given = names.replace("`", "").split(", "), units.split(", ")
        given = given * len(listed) if len(given) == 1 else given
        for name, unit in zip(listed, given, strict=True):
            explained[name] = (identity.removeprefix("| "), unit)
    assert explained == {one.name: (one.id, one.unit) for one in DEFINITIONS}


def test_proxies_and_estimates_say_so_in_their_names() -> None:
    for one in DEFINITIONS:
        for kind in ("proxy", "estimate"):
            assert (one.kind == kind) == one.name.endswith(kind), one.name


def test_a_body_without_hands_has_no_hand_measures() -> None:
    story = Story(10, contacts=ALL_ON, body=Body(missing=frozenset(HANDS)))
    assert "no hands" in reason(story, "contact_asymmetry")
    found = {one.name: one for one in measures_of(material(story))}
    assert found["foot_contact_time"].value == pytest.approx(10)
