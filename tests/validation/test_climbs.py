"""Contacts, moves and events read from the true skeleton: what is lost without any error of seeing."""

from dataclasses import replace

import numpy as np
import pytest

from tests.validation.perfect import perfect
from validation.climbs import ClimbFigures, evaluate
from validation.proof import clip_of
from validation.truth import Truth

SCENES = (
    "vertical", "slab", "overhang", "foot-cut", "dyno", "dyno-blurred", "fall", "pan", "shake", "pole",
    "from-the-floor",
)  # fmt: skip


def true(scene: str) -> Truth:
    return clip_of(scene).truth


@pytest.fixture(scope="module")
def figures() -> dict[str, ClimbFigures]:
    found: dict[str, ClimbFigures] = {}
    for scene in SCENES:
        truth = true(scene)
        found[scene] = evaluate(scene, perfect(truth), truth)
    return found


@pytest.mark.parametrize("scene", SCENES)
def test_a_true_skeleton_gives_true_contacts_and_moves(scene: str, figures: dict[str, ClimbFigures]) -> None:
    found = figures[scene]
    assert found.visible_pct > 97
    assert found.iou_pct is not None
    assert found.iou_pct > 90
    assert found.moves_f1_pct is None or found.moves_f1_pct >= 90
    assert found.reach_error_pct is None or found.reach_error_pct < 5


EVENTS = {
    "foot-cut": {"foot_cut"},
    "dyno": {"dyno", "foot_cut"},
    "dyno-blurred": {"dyno", "foot_cut"},
    "fall": {"fall"},
    "overhang": set[str](),
}


@pytest.mark.parametrize(("scene", "kinds"), EVENTS.items())
def test_a_true_skeleton_gives_true_events(
    scene: str, kinds: set[str], figures: dict[str, ClimbFigures]
) -> None:
    assert set(figures[scene].events_right) == kinds
    assert figures[scene].events_missed == ()
    assert figures[scene].events_wrong == ()


def test_contacts_that_come_a_second_late_are_found_out() -> None:
    truth = true("vertical")
    late = replace(truth, contact_hold=np.roll(truth.contact_hold, 30, axis=0))
    found = evaluate("vertical", perfect(truth), late)
    assert found.visible_pct < 70
    assert found.moves_right == 0


def test_wrong_holds_are_found_out() -> None:
    truth = true("vertical")
    moved = replace(truth, hold_center_m=np.add(truth.hold_center_m, (0.0, 0.45)))
    right = evaluate("vertical", perfect(truth), truth)
    wrong = evaluate("vertical", perfect(truth), moved)
    assert right.right_hold_pct == 100
    assert wrong.right_hold_pct is not None
    assert wrong.right_hold_pct < 50


def test_a_result_of_another_clip_is_refused() -> None:
    with pytest.raises(ValueError, match="frames"):
        evaluate("slab", perfect(true("vertical")), true("slab"))
