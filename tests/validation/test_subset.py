"""A small part of `make validate`, with loose bounds: what must never get worse unseen."""

from validation import truth as truths
from validation.analysis import of_ascension
from validation.evaluation import Figures, evaluate
from validation.listed import files_of, named


def figures(scene: str) -> Figures:
    clip, facts = files_of(named(scene))
    return evaluate(scene, of_ascension(clip), truths.load(facts))


def test_a_plain_climb_is_followed_closely() -> None:
    found = figures("vertical")
    assert found.detection_pct == 100
    assert found.main_joints_pct is not None
    assert found.main_joints_pct.mean < 8
    assert found.center_of_mass_pct is not None
    assert found.center_of_mass_pct.mean < 4
    assert found.swapped_frames == 0
    assert found.wrong_person_frames == 0


def test_nobody_is_found_on_an_empty_wall() -> None:
    assert figures("nobody").false_frames == 0
