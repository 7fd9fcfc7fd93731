"""A small part of `make validate`, with loose bounds: what must never get worse unseen."""

import pytest

from validation.analysis import from_result, of_clip, told_of
from validation.prediction import nobody
from validation.proof import Proof, clip_of, prove


def proof_of(scene: str) -> Proof:
    clip = clip_of(scene)
    result = of_clip(clip.path, told_of(clip.truth))
    found = nobody(clip.truth.time_s) if result is None else from_result(result)
    return prove(clip, found, result)


@pytest.fixture(scope="module")
def plain() -> Proof:
    return proof_of("vertical")


@pytest.fixture(scope="module")
def clean() -> Proof:
    return proof_of("planted-nothing")


def test_a_plain_climb_is_followed_closely(plain: Proof) -> None:
    found = plain.figures
    assert found.detection_pct == 100
    assert found.main_joints_pct is not None
    assert found.main_joints_pct.mean < 8
    assert found.center_of_mass_pct is not None
    assert found.center_of_mass_pct.mean < 4
    assert found.swapped_frames == 0
    assert found.wrong_person_frames == 0


@pytest.mark.parametrize("scene", ["plain", "clean"])
def test_contacts_and_moves_are_read(scene: str, request: pytest.FixtureRequest) -> None:
    reading = request.getfixturevalue(scene).reading
    assert reading is not None
    assert reading.climb.visible_pct > 92
    assert reading.climb.iou_pct > 80
    assert reading.climb.moves_f1_pct > 80
    assert reading.climb.hold_recall_pct > 90
    assert reading.climb.reach_error_pct < 20


@pytest.mark.parametrize("scene", ["plain", "clean"])
def test_the_move_list_says_what_the_truth_file_says(scene: str, request: pytest.FixtureRequest) -> None:
    """On a committed clip: limb, from hold to hold, begin and end; and not a move more."""
    plan = request.getfixturevalue(scene).reading.plan
    assert plan.planned == {"plain": 3, "clean": 7}[scene]
    assert plan.differs == ()


def test_a_clean_climb_has_no_fault(clean: Proof) -> None:
    assert clean.reading is not None
    assert clean.reading.faults.others == ()
    assert clean.reading.faults.praise


def test_a_planted_fault_is_named_where_it_is() -> None:
    reading = proof_of("planted-late-feet").reading
    assert reading is not None
    assert reading.faults.is_right


def test_nobody_is_found_on_an_empty_wall() -> None:
    assert proof_of("nobody").figures.false_frames == 0
