"""Findings: merged, ranked, three on top with a strength among them, and what could not be judged."""

import pytest

from ascension.climbing.habits.rules import RULES
from ascension.climbing.limbs import FEET, Limb
from ascension.climbing.record import Event, Habits, Interval, Unjudged
from ascension.coaching.findings import advice_of
from ascension.coaching.rules import ADVISED, MEASURES
from tests.coaching.cases import TIME_S, advice, bent, found, habit, measure


def test_every_habit_has_a_severity() -> None:
    assert ADVISED.keys() == RULES.keys()
    assert all(ADVISED[kind].drill for kind, rule in RULES.items() if rule.sort == "fault")


def test_one_habit_is_one_finding() -> None:
    finding = found(bent(7.0, 1.8))
    assert (finding.code, finding.kind, finding.times) == ("bent_arm_hold", "fault", 1)
    assert (finding.at_s, finding.until_s) == (7.0, pytest.approx(8.8))
    assert finding.frames == (Interval(210, 264),)
    assert [(one.name, one.value, one.unit) for one in finding.evidence] == [
        ("duration", 1.8, "s"),
        ("elbow", 95.0, "deg"),
    ]
    assert finding.drill == "straight_arm_traverse"
    assert finding.basis == "consensus"
    assert finding.priority == pytest.approx(0.7 * 0.5 * 0.9)


def test_the_same_habit_again_is_one_finding_that_weighs_more() -> None:
    finding = found(bent(7.0, 1.8), bent(20.0, 2.5), bent(30.0, 1.6))
    assert finding.times == 3
    assert finding.at_s == 7.0
    numbers = {one.name: one.value for one in finding.evidence}
    assert numbers == pytest.approx({"duration": 2.5, "elbow": 95.0, "total": 5.9})
    assert finding.priority > found(bent(7.0, 1.8)).priority
    assert found(bent(7.0, 9.0)).priority > found(bent(7.0, 1.8)).priority


def test_what_is_not_sure_is_not_said() -> None:
    assert advice(bent(7.0, 1.8, confidence=0.49)).all == ()
    assert found(bent(7.0, 1.8, confidence=0.3), bent(9.0, 1.8)).times == 1


def test_the_more_telling_habit_of_the_same_frames_is_said_alone() -> None:
    grip = habit("over_gripping_pause", 7.0, 9.5, ("duration", 2.5, "s"))
    assert [one.code for one in advice(bent(7.0, 2.5), grip).all] == ["over_gripping_pause"]
    assert {one.code for one in advice(bent(20.0, 2.5), grip).all} == {"over_gripping_pause", "bent_arm_hold"}


def test_three_on_top_and_one_of_them_a_strength() -> None:
    faults = (
        bent(1.0, 4.0),
        habit("foot_slip", 8.0, 8.3, ("duration", 0.3, "s")),
        habit("foot_cut", 12.0, 12.5, ("duration", 0.5, "s"), limbs=FEET),
        habit("readjusted_grip", 15.0, 15.5, ("duration", 0.5, "s")),
    )
    assert [one.kind for one in advice(*faults).top] == ["fault"] * 3
    quiet = habit("quiet_feet", 0.0, 20.0, ("placements", 6.0, "n"), confidence=0.6)
    told = advice(*faults, quiet)
    assert [one.code for one in told.top] == ["bent_arm_hold", "foot_slip", "quiet_feet"]
    assert [one.code for one in told.further] == ["foot_cut", "readjusted_grip"]
    priorities = [one.priority for one in told.further]
    assert priorities == sorted(priorities, reverse=True)


def test_a_clean_climb_has_no_fault_finding() -> None:
    smooth = habit("smooth_sequence", 0.0, 8.0, ("moves", 8.0, "n"), ("duration", 8.0, "s"))
    assert [one.kind for one in advice(smooth, measures=(measure("set_feet_share", 40.0),)).all] == [
        "strength"
    ]


def test_a_fall_is_worth_knowing_and_never_on_top() -> None:
    fall = Event("fall", 300, 330, tuple(Limb), 0.9)
    told = advice_of(Habits((bent(7.0, 1.8),), ()), (), (fall,), TIME_S)
    assert [one.code for one in told.top] == ["bent_arm_hold"]
    assert [(one.code, one.kind, one.at_s) for one in told.further] == [("fall", "note", 10.0)]


@pytest.mark.parametrize("rule", MEASURES, ids=lambda rule: rule.code)
def test_a_measure_speaks_from_its_limit_on(rule: object) -> None:
    assert rule in MEASURES
    spoken = next(one for one in MEASURES if one is rule)
    reaches = measure("reach_count", 10.0, "n")
    at = measure(spoken.measure, spoken.at_least)
    assert [one.code for one in advice(measures=(at, reaches)).all] == [spoken.code]
    for silent in (
        measure(spoken.measure, spoken.at_least - 0.01),
        measure(spoken.measure, None),
        measure(spoken.measure, spoken.at_least, confidence=0.4),
    ):
        assert advice(measures=(silent, reaches)).all == ()
    if spoken.reaches:
        assert advice(measures=(at, measure("reach_count", spoken.reaches - 1.0, "n"))).all == ()


def test_what_could_not_be_judged_is_said_by_reason() -> None:
    blanks = advice(
        unjudged=(
            Unjudged("late_feet", "feet_hidden"),
            Unjudged("bent_arm_hold", "arms_hidden"),
            Unjudged("foot_cut", "feet_hidden"),
        )
    ).blanks
    assert [(one.reason, one.codes) for one in blanks] == [
        ("feet_hidden", ("late_feet", "foot_cut")),
        ("arms_hidden", ("bent_arm_hold",)),
    ]
