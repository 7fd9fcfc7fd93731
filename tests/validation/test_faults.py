"""What counts as named: the right word, within half a second, and nothing besides."""

from dataclasses import replace

import pytest

from ascension.analyses.result import Result
from ascension.climbing.record import Evidence, Habit, HabitKind, Habits
from tests.validation.perfect import perfect
from validation.faults import FaultFigures, evaluate
from validation.planted import PLANTED
from validation.proof import clip_of
from validation.truth import Truth

FRAMES_PER_S = 24


@pytest.fixture(scope="module")
def truth() -> Truth:
    return clip_of("planted-foot-cut").truth


@pytest.fixture(scope="module")
def result(truth: Truth) -> Result:
    return perfect(truth)


def named(result: Result, truth: Truth, *habits: tuple[HabitKind, float]) -> FaultFigures:
    """As if the advice rested on these habits alone, each a second long."""
    assert result.facts.climb is not None
    found = tuple(
        Habit(kind, start := round(at_s * FRAMES_PER_S), start + 24, (), (Evidence("duration", 1, "s"),), 0.9)
        for kind, at_s in habits
    )
    attempt = result.facts.climb.attempts[0].model_copy(update={"habits": Habits(found, ())})
    climb = result.facts.climb.model_copy(update={"attempts": (attempt,)})
    changed = replace(result, facts=result.facts.model_copy(update={"climb": climb}))
    return evaluate("planted-foot-cut", changed, truth)


def test_a_fault_is_named_where_it_is(result: Result, truth: Truth) -> None:
    begin_s, end_s = map(float, truth.fault_times_s[0])
    assert named(result, truth, ("foot_cut", begin_s)).is_right
    assert named(result, truth, ("foot_cut", begin_s - 0.4)).is_right
    early, late = (
        named(result, truth, ("foot_cut", begin_s - 1)),
        named(result, truth, ("foot_cut", end_s + 0.6)),
    )
    assert early.off_s == pytest.approx(1, abs=0.05)
    assert not early.is_right
    assert not late.is_right
    assert not named(result, truth).is_right


def test_what_else_is_named_is_wrong(result: Result, truth: Truth) -> None:
    begin_s = float(truth.fault_times_s[0, 0])
    found = named(result, truth, ("foot_cut", begin_s), ("detour", 1.0), ("quiet_feet", 1.0))
    assert [one.code for one in found.others] == ["detour"]
    assert [one.code for one in found.praise] == ["quiet_feet"]
    assert not found.is_right


def test_another_word_for_it_is_wrong(result: Result, truth: Truth) -> None:
    found = named(result, truth, ("foot_slip", float(truth.fault_times_s[0, 0])))
    assert found.named is None
    assert not found.is_right


def test_every_planted_fault_has_a_name() -> None:
    for scene in PLANTED:
        truth = clip_of(scene.name).truth
        found = evaluate(scene.name, perfect(truth), truth)
        assert (found.planted is None) == (scene.name == "planted-nothing")


def test_feet_that_are_cut_without_a_jump_are_a_fault_anywhere() -> None:
    for scene, kind in (("foot-cut", "foot_cut"), ("dyno", None), ("vertical", None)):
        truth = clip_of(scene).truth
        assert evaluate(scene, perfect(truth), truth).planted == kind
