"""Faults planted one at a time into climbs of the renderer's body: each is named within half a second.

Contacts, moves and events are read from the motion as from any clip's. A clean climb is named for nothing.
"""

import pytest

from ascension.climbing.habits.rules import RULES
from ascension.climbing.record import HabitKind
from ascension.coaching.findings import advice_of
from tests.climbing.staged import Action, Sway, staged
from validation.scenes import CutFeet, Reach, Rest

NEAR_S = 0.5
UP = (Reach("RH", "H3"), Reach("LF", "F3"), Reach("LH", "H4"), Reach("RF", "F4"), Reach("RH", "H5"))
CLEAN = (*UP, Reach("LF", "F5"), Reach("LH", "H6"), Reach("RH", "H7"))


@pytest.mark.parametrize(
    ("kind", "actions", "planted"),
    [
        ("bent_arm_hold", (UP[0], Rest(2.5), *UP[1:3]), 1),
        ("over_gripping_pause", (*UP[:2], Rest(3.0), *UP[2:4]), 2),
        ("foot_cut", (*CLEAN[:6], CutFeet(), CLEAN[6]), 6),
        ("replaced_foot", (*UP[:2], Reach("LF", "F3", 0.5), *UP[2:4]), 2),
        ("late_feet", (UP[0], UP[2], UP[4], UP[1], UP[3]), 2),
        ("detour", (*UP[:3], Sway(0.35), *UP[3:]), 3),
    ],
)
def test_a_planted_fault_is_named_where_it_is(
    kind: HabitKind, actions: tuple[Action, ...], planted: int
) -> None:
    climb = staged(actions)
    habits = climb.habits()
    faults = {habit.kind: habit for habit in habits.found if RULES[habit.kind].sort == "fault"}
    assert abs(climb.motion.time_s[faults[kind].start] - climb.begins_s[planted]) <= NEAR_S
    assert faults[kind].confidence >= 0.5
    advice = advice_of(habits, (), (), climb.motion.time_s)
    assert [finding.code for finding in advice.all if finding.kind == "fault"] == [kind]
    assert kind in [finding.code for finding in advice.top]
    assert faults.keys() - {kind} <= ({"bent_arm_hold"} if kind == "over_gripping_pause" else set())


def test_a_clean_climb_has_no_fault_and_is_praised() -> None:
    climb = staged(CLEAN)
    habits = climb.habits()
    assert [habit.kind for habit in habits.found] == ["smooth_sequence"]
    assert habits.unjudged == ()
    advice = advice_of(habits, (), (), climb.motion.time_s)
    assert [finding.kind for finding in advice.all] == ["strength"]
