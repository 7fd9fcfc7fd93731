"""The closed loop on true skeletons: the move list says what the truth file says, or it is told where not."""

from dataclasses import replace

import pytest

from ascension.analyses.result import Result
from ascension.climbing.record import Move
from tests.validation.perfect import perfect
from validation.plans import evaluate, plan_of
from validation.proof import clip_of
from validation.truth import Truth


@pytest.fixture(scope="module")
def truth() -> Truth:
    return clip_of("planted-nothing").truth


@pytest.fixture(scope="module")
def result(truth: Truth) -> Result:
    return perfect(truth)


def with_moves(result: Result, moves: tuple[Move, ...]) -> Result:
    assert result.facts.climb is not None
    climb = result.facts.climb.model_copy(update={"moves": moves})
    return replace(result, facts=result.facts.model_copy(update={"climb": climb}))


def moves_of(result: Result) -> tuple[Move, ...]:
    assert result.facts.climb is not None
    return result.facts.climb.moves


def test_the_plan_is_that_of_the_scene(truth: Truth) -> None:
    told = [
        (one.limb_number, str(truth.hold_ids[one.from_hold]), str(truth.hold_ids[one.to_hold]))
        for one in plan_of(truth)
    ]
    assert told == [
        (1, "A2", "A4"),
        (3, "B2", "B4"),
        (0, "A1", "A3"),
        (2, "B1", "B3"),
        (1, "A4", "H7"),
        (3, "B4", "B6"),
        (0, "A3", "H7"),
    ]


@pytest.mark.parametrize("scene", ["vertical", "overhang", "from-the-floor", "fall", "planted-nothing"])
def test_the_move_list_of_a_true_skeleton_is_the_plan(scene: str) -> None:
    truth = clip_of(scene).truth
    found = evaluate(scene, perfect(truth), truth)
    assert found.planned >= 1
    assert found.differs == ()
    assert (found.right, found.made_up) == (found.planned, 0)
    assert max(found.off_s) <= 0.3


def test_a_missing_move_and_one_too_many_are_told(truth: Truth, result: Result) -> None:
    first, *others = moves_of(result)
    missing = evaluate("x", with_moves(result, tuple(others)), truth)
    assert (missing.right, missing.made_up) == (6, 0)
    assert missing.differs[0].startswith("missed RH A2 to A4")
    double = evaluate("x", with_moves(result, (first, *moves_of(result))), truth)
    assert (double.right, double.made_up) == (7, 1)


def test_a_wrong_hold_and_a_wrong_time_are_told(truth: Truth, result: Result) -> None:
    first, *others = moves_of(result)
    elsewhere = replace(first, to_hold=others[0].to_hold)
    late = replace(first, reach_start=first.reach_start + 10)
    for wrong in (elsewhere, late):
        found = evaluate("x", with_moves(result, (wrong, *others)), truth)
        assert (found.right, found.made_up) == (6, 0)
        assert "told as" in found.differs[0]
