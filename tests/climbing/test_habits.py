"""Habits: named where they are, not named where they are not, silent where nobody can know."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.biomechanics.conventions import Landmark
from ascension.biomechanics.poses import FloatArray
from ascension.climbing.habits.reading import habits_of
from ascension.climbing.habits.rules import RULES
from ascension.climbing.limbs import END_LANDMARKS, Limb
from ascension.climbing.record import Attempt, EventKind, HabitKind, Move
from tests.climbing.stick import Stick, at, eased, kinds, only, shown, there_and_back

LH, RH, LF, RF = Limb
BENT = Stick(elbow_deg=90)


def _reach(limb: Limb, start_s: float, end_s: float) -> Move:
    return Stick().move(limb, start_s, end_s)


def test_every_kind_has_a_rule_and_a_source() -> None:
    assert all(rule.source for rule in RULES.values())


def test_a_pause_on_bent_arms_is_named_with_its_length_and_angle() -> None:
    moves = (BENT.move(RF, 4.0, 4.5),)
    found = BENT.habits(moves=moves)
    habit = only(found, "bent_arm_hold")
    assert (habit.start, habit.end) == (0, 120)
    assert shown(habit) == pytest.approx({"duration": 4.0, "elbow": 90.0})
    assert habit.limbs == (LH, RH)
    assert "over_gripping_pause" not in kinds(found)


def test_the_same_pause_before_an_easy_reach_is_over_gripping() -> None:
    found = BENT.habits(moves=(BENT.move(RH, 4.0, 4.5),))
    assert shown(only(found, "over_gripping_pause")) == pytest.approx(
        {"duration": 4.0, "elbow": 90.0, "next_reach": 1.0}
    )
    assert "over_gripping_pause" not in kinds(BENT.habits(moves=(BENT.move(RH, 4.0, 4.5, distance=1.5),)))
    assert "over_gripping_pause" not in kinds(BENT.habits(moves=(BENT.move(RH, 4.0, 4.5, "dynamic"),)))
    one_foot = BENT.habits(BENT.standing(LF), (BENT.move(RH, 4.0, 4.5),))
    assert "over_gripping_pause" not in kinds(one_foot)


@pytest.mark.parametrize(
    "climber",
    [
        replace(BENT, lasts_s=1.3),
        replace(BENT, lasts_s=2.8),
        replace(BENT, overhang_deg=-10, lasts_s=4),
        replace(BENT, elbow_deg=130, lasts_s=4),
        replace(BENT, hips=there_and_back(-8.0, 24.0, (0.0, 20.0))),
    ],
    ids=["short", "where the clip ends", "on a slab", "half bent", "moving"],
)
def test_no_pause_on_bent_arms(climber: Stick) -> None:
    assert kinds(climber.habits()) == []


def test_hanging_on_bent_arms_without_feet_is_no_rest() -> None:
    climber = replace(BENT, lasts_s=4)
    assert kinds(climber.habits(climber.standing(LF, RF))) == []


def test_a_rest_on_straight_arms_is_a_strength() -> None:
    straight = Stick()
    assert shown(only(straight.habits(), "straight_arm_rest"))["elbow"] == pytest.approx(180.0)
    shaken = straight.habits((*straight.standing(LH), straight.contact(LH, 0, 1), straight.contact(LH, 5)))
    assert shown(only(shaken, "good_rest"))["hand_free"] == pytest.approx(4.0, abs=0.1)
    assert RULES["good_rest"].sort == "strength"


def test_a_long_stop_on_half_bent_arms() -> None:
    half = Stick(elbow_deg=135, lasts_s=8)
    assert shown(only(half.habits(), "long_hesitation"))["duration"] == pytest.approx(8.0, abs=0.1)
    assert kinds(replace(half, lasts_s=4.5).habits()) == []


def test_as_long_as_a_rest_before_an_easy_reach_and_no_rest() -> None:
    half = Stick(elbow_deg=135)
    moves = (half.move(RH, 4.0, 4.5),)
    habit = only(half.habits(moves=moves), "over_gripping_pause")
    assert shown(habit) == pytest.approx({"duration": 4.0, "elbow": 135.0, "next_reach": 1.0}, abs=0.1)
    for other in (replace(half, elbow_deg=160), replace(half, overhang_deg=-10)):
        assert "over_gripping_pause" not in kinds(other.habits(moves=moves))
    assert "over_gripping_pause" not in kinds(half.habits(moves=(half.move(RH, 2.5, 3.0),)))
    assert "over_gripping_pause" not in kinds(half.habits(half.standing(LF), moves))
    assert "over_gripping_pause" not in kinds(half.habits(moves=(half.move(RH, 4.0, 4.5, distance=1.5),)))


def test_a_reach_without_feet() -> None:
    climber = Stick(elbow_deg=135, lasts_s=3)
    reach = (_reach(RH, 1, 1.5),)
    off = climber.habits(climber.standing(LF, RF), reach)
    assert shown(only(off, "reach_without_feet")) == {"feet_on": 0.0}
    assert "reach_without_feet" not in kinds(climber.habits(climber.standing(LF), reach)), "a flag"
    assert "reach_without_feet" not in kinds(climber.habits(moves=reach))
    stepping = (*climber.standing(LF), climber.contact(LF, 0, 0.8), climber.contact(LF, 1.6))
    hurried = climber.habits(stepping, (_reach(LF, 0.8, 1.6), *reach))
    assert shown(only(hurried, "reach_without_feet")) == {"feet_on": 1.0}


def test_a_foot_that_nobody_sees_is_no_fault() -> None:
    climber = Stick(elbow_deg=135, lasts_s=3)
    hidden = tuple(replace(climber.contact(foot), kind="unseen") for foot in (LF, RF))
    found = climber.habits((*climber.standing(LF, RF), *hidden), (_reach(RH, 1, 1.5),))
    assert "reach_without_feet" not in kinds(found)
    assert ("reach_without_feet", "feet_hidden") in [(one.kind, one.reason) for one in found.unjudged]


def _up(begin_s: float) -> Stick:
    """A right hand that goes 0.6 up from legs of a length."""

    def hand(time_s: FloatArray) -> FloatArray:
        return np.array([0.5, 1.8]) + np.outer(eased((time_s - begin_s) / 0.6), (0.0, 0.6))

    return Stick(lasts_s=4, elbow_deg=135, legs=1.65, ends={RH: hand})


def test_late_feet() -> None:
    climber = _up(2.0)
    hands = (_reach(LH, 1.0, 1.6), _reach(RH, 2.0, 2.6))
    habit = only(climber.habits(moves=hands), "late_feet")
    assert habit.start == 60
    assert shown(habit) == pytest.approx({"leg": 100 * 1.65 / 1.70, "hands_since_feet": 2.0})
    stepped = (hands[0], _reach(LF, 1.6, 1.9), hands[1])
    assert "late_feet" not in kinds(climber.habits(moves=stepped))
    assert "late_feet" not in kinds(replace(climber, legs=1.3).habits(moves=hands))
    assert "late_feet" not in kinds(climber.habits(moves=hands[1:]))


def _rising(by_torso: float) -> Stick:
    """Feet stand, hips and hands go up from 1 to 4 s."""

    def hips(time_s: FloatArray) -> FloatArray:
        return np.outer(np.clip((time_s - 1) / 3, 0, 1), (0.0, by_torso))

    return Stick(elbow_deg=135, hips=hips, ends={LF: at(-0.2, -0.6), RF: at(0.2, -0.6)})


def test_three_hands_that_make_the_legs_much_longer_are_late_feet() -> None:
    hands = (_reach(LH, 1.0, 2.0), _reach(RH, 2.0, 3.0), _reach(LH, 3.0, 4.0))
    habit = only(_rising(0.9).habits(moves=hands), "late_feet")
    assert habit.start == 90
    assert shown(habit)["hands_since_feet"] == 3
    assert shown(habit)["leg"] == pytest.approx(100 * 1.49 / 1.70, abs=0.5), "not stretched"
    assert "late_feet" not in kinds(_rising(0.9).habits(moves=hands[1:]))
    assert "late_feet" not in kinds(_rising(0.9).habits(moves=(*hands[:2], _reach(RF, 2.9, 3.0), hands[2])))
    assert "late_feet" not in kinds(_rising(0.5).habits(moves=hands)), "each went up by less than a fifth"


@pytest.mark.parametrize(
    ("event", "limbs", "kind"),
    [
        ("foot_cut", (LF, RF), "foot_cut"),
        ("slip", (LF,), "foot_slip"),
        ("readjustment", (RF,), "replaced_foot"),
        ("readjustment", (RH,), "readjusted_grip"),
    ],
)
def test_events_that_a_coach_would_pointat(
    event: EventKind, limbs: tuple[Limb, ...], kind: HabitKind
) -> None:
    climber = Stick(elbow_deg=135, lasts_s=3)
    happened = climber.event(event, 1.0, 1.4, *limbs)
    habit = only(climber.habits(events=(happened,)), kind)
    assert (habit.start, habit.end, habit.limbs) == (30, 42, limbs)
    assert shown(habit)["duration"] == pytest.approx(0.4)
    assert kinds(climber.habits(events=(happened, climber.event("dyno", 0.9, 1.5)))) == []
    assert kinds(climber.habits(events=(happened, climber.event("fall", 0.5, 0.9)))) == []


def test_feet_that_are_cut_again_at_once_were_cut_once() -> None:
    climber = Stick(elbow_deg=135, lasts_s=4)
    cuts = tuple(climber.event("foot_cut", start_s, start_s + 0.3) for start_s in (1.0, 2.0))
    assert shown(only(climber.habits(events=cuts), "foot_cut"))["duration"] == pytest.approx(1.3)
    later = (cuts[0], climber.event("foot_cut", 2.5, 2.8))
    assert kinds(climber.habits(events=later)) == ["foot_cut", "foot_cut"]


def test_quiet_feet_are_a_strength_until_one_is_set_again() -> None:
    climber = Stick(elbow_deg=135, lasts_s=4)
    steps = tuple(_reach((LF, RF)[number % 2], 0.5 + 0.5 * number, 0.8 + 0.5 * number) for number in range(6))
    assert shown(only(climber.habits(moves=steps), "quiet_feet")) == {"placements": 6.0}
    assert "quiet_feet" not in kinds(climber.habits(moves=steps[:4]))
    corrected = climber.event("readjustment", 1.0, 1.2, LF)
    assert "quiet_feet" not in kinds(climber.habits(moves=steps, events=(corrected,)))


def test_a_foot_lifted_and_set_on_its_place_again() -> None:
    lifted = there_and_back(1.0, 1.6, (0.0, 0.2), (0.2, -1.2))
    climber = Stick(elbow_deg=135, lasts_s=3, ends={RF: lifted})
    habit = only(climber.habits(), "replaced_foot")
    assert habit.start / 30 == pytest.approx(1.1, abs=0.1)
    assert shown(habit)["lifted"] == pytest.approx(0.2, abs=0.01)
    little = there_and_back(1.0, 1.6, (0.0, 0.1), (0.2, -1.2))
    assert kinds(replace(climber, ends={RF: little}).habits()) == ["replaced_foot"]
    trembling = there_and_back(1.0, 1.6, (0.0, 0.05), (0.2, -1.2))
    assert kinds(replace(climber, ends={RF: trembling}).habits()) == []
    aside = there_and_back(1.0, 1.6, (0.2, 0.0), (0.2, -1.2))
    assert kinds(replace(climber, ends={RF: aside}).habits()) == [], "only what rises was lifted"


def test_feet_are_cut_where_each_of_them_is_seen() -> None:
    """Hands hold, both feet hang from 1 to 2 s; the left one is hidden for a while."""
    hanging = {foot: there_and_back(1.0, 2.0, (0.0, 0.6), (x, -1.2)) for foot, x in ((LF, -0.2), (RF, 0.2))}
    climber = Stick(elbow_deg=135, lasts_s=4, ends=hanging)
    feet = [climber.contact(foot, *span) for foot in (LF, RF) for span in ((0, 1), (2, 4))]
    contacts = (*climber.standing(LF, RF), *feet)
    cut = (climber.event("foot_cut", 1.0, 2.0),)
    moved = climber.motion()
    for hidden_frames, named in ((3, True), (9, False)):
        visibility = moved.poses.visibility.copy()
        visibility[35 : 35 + hidden_frames, list(END_LANDMARKS[LF])] = 0.1
        seen = replace(moved, poses=replace(moved.poses, visibility=visibility))
        assert ("foot_cut" in kinds(habits_of(seen, contacts, (), cut))) is named


def test_a_heel_that_rises_alone_is_no_foot_that_is_placed_again() -> None:
    climber = Stick(elbow_deg=135, lasts_s=3, ends={RF: there_and_back(1.0, 1.6, (0.0, 0.2), (0.2, -1.2))})
    moved = climber.motion()
    toe = moved.landmarks.copy()
    toe[:, Landmark.RIGHT_FOOT_INDEX] = (0.2, -1.2)
    assert kinds(habits_of(replace(moved, landmarks=toe), climber.standing(), (), ())) == []


def test_a_way_to_a_hold_and_back_is_a_detour() -> None:
    """Over two reaches of a hand, none of which is one."""
    climber = Stick(elbow_deg=135, hips=there_and_back(1.0, 4.0, (0.45, 0.0)))
    there = replace(_reach(RH, 1.0, 2.4), from_hold=1, to_hold=7)
    back = replace(_reach(RH, 2.6, 4.0), from_hold=7, to_hold=1)
    habit = only(climber.habits(moves=(there, back)), "detour")
    assert shown(habit)["excess"] == pytest.approx(0.9, abs=0.1)
    assert (habit.start / 30, habit.end / 30) == pytest.approx((1.0, 4.0), abs=0.5)
    assert kinds(climber.habits(moves=(there, replace(back, to_hold=8)))) == []
    little = replace(climber, hips=there_and_back(1.0, 4.0, (0.2, 0.0)))
    assert kinds(little.habits(moves=(there, back))) == []
    unseen = replace(climber, hidden=(RH,))
    assert "detour" not in kinds(unseen.habits(moves=(there, back)))


def test_a_detour_of_the_hips() -> None:
    climber = Stick(elbow_deg=135, hips=there_and_back(2.0, 4.0, (0.6, 0.0)))
    habit = only(climber.habits(moves=(_reach(LH, 0.5, 1.0), _reach(RH, 4.8, 5.3))), "detour")
    assert shown(habit)["excess"] == pytest.approx(1.2, abs=0.1)
    assert abs(habit.start / 30 - 2.0) < 0.5
    assert kinds(replace(climber, hips=there_and_back(2.0, 4.0, (0.2, 0.0))).habits()) == []
    swinging = climber.event("foot_cut", 2.0, 3.0)
    assert "detour" not in kinds(climber.habits(events=(swinging,)))


def test_weight_beside_the_feet() -> None:
    climber = Stick(
        elbow_deg=135, lasts_s=4, ends={foot: at(0.8 + 0.4 * n, -1.2) for n, foot in enumerate((LF, RF))}
    )
    assert shown(only(climber.habits(), "off_balance"))["offset"] == pytest.approx(0.8)
    inside = {foot: at(-0.3 + 0.4 * n, -1.2) for n, foot in enumerate((LF, RF))}
    assert kinds(replace(climber, ends=inside).habits()) == []


def test_a_barn_door() -> None:
    ends = {LH: at(-0.6, 1.8), LF: at(-0.2, -1.2)}
    climber = Stick(elbow_deg=135, lasts_s=3, hips=there_and_back(1.0, 2.6, (1.2, 0.0)), ends=ends)
    one_side = climber.standing(RH, RF)
    habit = only(climber.habits(one_side), "barn_door")
    assert habit.limbs == (LH, LF)
    assert shown(habit)["speed"] > 1.0
    assert "barn_door" not in kinds(climber.habits())


def test_slow_and_jerky_reaches() -> None:
    def tremble(time_s: FloatArray) -> FloatArray:
        share = np.mean([eased((time_s - 1.0 - 0.5 * n) / 0.45) for n in range(5)], axis=0)
        return np.array([0.5, 1.6]) + np.outer(share, (0.0, 0.6))

    climber = Stick(elbow_deg=135, lasts_s=5, ends={RH: tremble})
    found = climber.habits(moves=(replace(_reach(RH, 1.0, 3.5), distance=0.6),))
    assert shown(only(found, "slow_reach"))["duration"] == pytest.approx(2.5)
    assert shown(only(found, "jerky_reach"))["smoothness"] < -3.0
    even = _up(1.0)
    assert kinds(even.habits(moves=(_reach(RH, 1.0, 1.6),))) == []


def test_a_deadpoint_is_neither_good_nor_bad() -> None:
    climber = Stick(elbow_deg=135, lasts_s=3)
    found = climber.habits(moves=(climber.move(RH, 1.0, 1.5, "deadpoint"),))
    assert kinds(found) == ["deadpoint"]
    assert RULES["deadpoint"].sort == "note"


def test_what_nobody_can_know_is_said() -> None:
    assert {one.reason for one in replace(BENT, hidden=(LH, RH)).habits().unjudged} >= {"arms_hidden"}
    unfollowed = replace(BENT, registered=False).habits()
    assert ("bent_arm_hold", "wall_not_followed") in [(one.kind, one.reason) for one in unfollowed.unjudged]
    assert kinds(unfollowed) == []
    empty = BENT.habits(contacts=())
    assert empty.found == ()
    assert {one.kind for one in empty.unjudged} == set(RULES)


def test_only_the_attempt_counts_and_nothing_after_the_top() -> None:
    attempt = Attempt(BENT.frame(2), BENT.frame(6), "unknown", "")
    moves = (BENT.move(RF, 5.0, 5.3),)
    assert only(BENT.habits(moves=moves, attempt=attempt), "bent_arm_hold").start == 60
    topped = BENT.habits(events=(BENT.event("top", 1.0, 6.0, LH, RH),))
    assert kinds(topped) == []


def test_one_frame_is_no_crash() -> None:
    assert Stick(lasts_s=1 / 30).habits().found == ()


@settings(max_examples=25, deadline=None)
@given(
    fps=st.sampled_from([25.0, 30.0, 50.0, 60.0, 120.0]),
    unit_length=st.floats(0.2, 3.0),
    mirrored=st.booleans(),
    noise=st.sampled_from([0.0, 0.01]),
)
def test_neither_size_nor_side_nor_frame_rate_nor_noise_change_what_is_named(
    fps: float, unit_length: float, mirrored: bool, noise: float
) -> None:
    climber = Stick(
        lasts_s=9,
        fps=fps,
        elbow_deg=95,
        hips=there_and_back(4.0, 6.0, (0.7, 0.1)),
        unit_length=unit_length,
        mirrored=mirrored,
        noise=noise,
    )
    own = {LH: RH, RH: LH, LF: RF, RF: LF} if mirrored else {limb: limb for limb in Limb}
    moves = (
        climber.move(own[RF], 3.0, 3.5),
        climber.move(own[RH], 6.5, 7.0),
        climber.move(own[LF], 7.2, 7.6),
    )
    found = climber.habits(moves=moves)
    assert [kind for kind in kinds(found) if RULES[kind].sort == "fault"] == ["bent_arm_hold", "detour"]
    detour, bent = only(found, "detour"), only(found, "bent_arm_hold")
    assert climber.time_s[detour.start] == pytest.approx(4.1, abs=0.2)
    assert climber.time_s[bent.end] == pytest.approx(3.0, abs=0.1)
    assert shown(detour)["excess"] / unit_length == pytest.approx(2 * np.hypot(0.7, 0.1), abs=0.15)
    assert shown(bent)["elbow"] == pytest.approx(95.0, abs=2.0)
