"""What hands, feet and sides do, on made-up climbs whose answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from ascension.biomechanics.conventions import Landmark
from ascension.climbing.body import Body
from ascension.climbing.limbs import FEET, HANDS, LIMBS
from ascension.climbing.record import ContactKind, UsedHold
from tests.climbing.stories import (
    Happened,
    Reach,
    Story,
    Told,
    hand_moves,
    jump,
    material,
    measured,
    reason,
    still,
    value,
)

LEFT_HAND, RIGHT_HAND, LEFT_FOOT, RIGHT_FOOT = LIMBS
ALL_ON = tuple(Told(limb, 0, 10, hold=number) for number, limb in enumerate(LIMBS))
HANDS_ON = tuple(Told(limb, 0, 10) for limb in HANDS)


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

    def test_b12_a_clip_that_begins_with_a_reach_has_nothing_before_it(self) -> None:
        story = replace(self.story, moves=hand_moves(0.05, 2, lasts_s=0.8))
        assert measured(material(story), "supported_reach_share").frames[0].start == 0

    def test_b13_when_the_reach_begins(self) -> None:
        assert value(self.story, "set_feet_share") == pytest.approx(75)

    def test_b12_hands_in_the_air_for_more_than_a_second(self) -> None:
        story = Story(10, moves=(Reach(LEFT_HAND, 1, 2.5), *hand_moves(3, 5, 7, lasts_s=0.9)))
        assert value(story, "long_reach_share") == pytest.approx(25)
        assert value(story, "long_reach_time") == pytest.approx(1.5)

    def test_b12_hidden_feet_are_not_missing_feet(self) -> None:
        contacts = (*HANDS_ON, *(Told(limb, 0, 10, kind="unseen") for limb in FEET))
        found = reason(replace(self.story, contacts=contacts), "supported_reach_share")
        assert found == ("feet_seldom_known", {"share": 0})

    def test_b14_and_b15_need_another_view(self) -> None:
        assert reason(self.story, "weight_shift") == ("needs_side_view_for_knee", {})
        assert reason(self.story, "hip_to_wall") == ("needs_side_view_for_hips", {})

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
        assert reason(Story(10, contacts=ALL_ON), "hand_load_estimate") == ("wall_angle_not_told", {})

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
        found = reason(Story(10, contacts=contacts, overhang_deg=0), "hand_load_estimate")
        assert found == ("forces_seldom_balance", {"share": 0})


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
        once = replace(story, holds=(replace(hold, hands=0),))
        assert reason(once, "foot_offset_proxy") == ("no_foot_on_known_hold", {})

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
