"""Two bodies on one wall: a comparison of true skeletons and, with loose bounds, of their clips."""

from itertools import permutations

import numpy as np
import pytest

from ascension.comparisons.compute import Side
from ascension.comparisons.reading import Chosen, WallMatch, compared
from ascension.comparisons.schemas import WallMatchRead
from tests.validation.perfect import perfect
from validation.analysis import attempt_of_clip, told_of
from validation.correspondence import correspondence_of
from validation.pairs import Filmed, PairFigures, figures_of, prove
from validation.planted import PAIR
from validation.proof import clip_of

NAMES = tuple(scene.name for scene in PAIR)
SAME = WallMatchRead(
    method="picture",
    second_to_first=np.eye(3).ravel().tolist(),
    inliers=100,
    residual_px=0.0,
    residual_cm=0.0,
    confidence=1.0,
)


def seen_without_error(name: str) -> Filmed:
    truth = clip_of(name).truth
    return Filmed(name, Side(perfect(truth), 1, None), truth)


def filmed(name: str) -> Filmed:
    clip = clip_of(name)
    return Filmed(name, attempt_of_clip(clip.path, told_of(clip.truth)), clip.truth)


def figures(first: Filmed, second: Filmed) -> PairFigures:
    told = compared(Chosen(first.side.result, 1), Chosen(second.side.result, 1), WallMatch(np.eye(3), SAME))
    return figures_of(told, first, second)


@pytest.fixture(scope="module")
def exact() -> tuple[Filmed, ...]:
    return tuple(seen_without_error(name) for name in NAMES)


@pytest.fixture(scope="module")
def pair() -> tuple[Filmed, Filmed]:
    return filmed(NAMES[0]), filmed(NAMES[1])


def test_the_truths_say_what_the_scenes_have_the_two_do_otherwise() -> None:
    first, second, _ = (clip_of(name).truth for name in NAMES)
    (foot,), (pause,) = correspondence_of(first, second).planned
    assert (foot.kind, foot.limbs) == ("other_hold", {2})
    assert (pause.kind, pause.who, pause.cost_s) == ("pause", "second", pytest.approx(2.5, abs=0.01))
    assert correspondence_of(first, first).planned == ()


def test_walls_of_their_own_have_no_correspondence() -> None:
    with pytest.raises(ValueError, match="one wall"):
        correspondence_of(clip_of(NAMES[0]).truth, clip_of("vertical").truth)


@pytest.mark.parametrize("order", list(permutations(range(3), 2)))
def test_of_true_skeletons_all_is_told_that_is_planned_and_nothing_else(
    order: tuple[int, int], exact: tuple[Filmed, ...]
) -> None:
    found = figures(*(exact[number] for number in order))
    planned = {(0, 1): 2, (0, 2): 5, (1, 2): 6}[(min(order), max(order))]
    assert (len(found.found), found.missed, found.made_up) == (planned, (), ())
    assert all(off_s is not None and abs(off_s) <= 0.4 for _, off_s in found.found)
    assert max(found.aligned_s) <= 0.15
    assert found.longer_s is not None
    assert found.longer_s[0] == pytest.approx(found.longer_s[1], abs=0.2)
    assert found.holds == (9, 9, 0)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.thorough
def test_on_the_clips_both_are_found(order: tuple[int, int], pair: tuple[Filmed, Filmed]) -> None:
    found = prove(*(pair[number] for number in order))
    assert found.refused is None
    assert found.wall_cm is not None
    assert found.wall_cm.p95 < 2
    assert found.missed == ()
    assert len(found.made_up) <= 1
    assert float(np.median(found.aligned_s)) <= 0.15
    assert max(found.aligned_s) <= 0.3
    assert found.longer_s is not None
    assert found.longer_s[0] == pytest.approx(found.longer_s[1], abs=0.3)
    assert found.holds[2] == 0
