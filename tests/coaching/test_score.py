"""Score: six axes between published limits; better never lowers, missing is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascension.climbing.measures.definitions import DEFINITIONS
from ascension.climbing.record import Measure
from ascension.coaching.score import AXES, FEWEST_REACHES, PARTS, WEAK, WEIGHTS, Axis, Part, score_of
from tests.coaching.cases import measure

_ALL = tuple(part for parts in PARTS.values() for part in parts)
_REACHES = 10.0


def _measures(shares: dict[str, float], confidence: float = 0.9) -> list[Measure]:
    """Measures by how good they are, 0 = worst to 1 = best."""
    found = [measure("reach_count", _REACHES, "n")]
    for part in _ALL:
        if part.measure in shares:
            value = part.worst + shares[part.measure] * (part.best - part.worst)
            found.append(measure(part.measure, value * (_REACHES if part.per else 1), confidence=confidence))
    return found


def _everything(share: float) -> dict[str, float]:
    return {part.measure: share for part in _ALL}


def test_weights_add_up_and_technique_and_pace_weigh_most() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert WEIGHTS.keys() == PARTS.keys() == set(AXES)
    assert all(sum(part.weight for part in parts) == pytest.approx(1) for parts in PARTS.values())
    assert sorted(WEIGHTS, key=lambda axis: -WEIGHTS[axis])[:2] == ["technique", "pace"]
    assert {"endurance"} == WEAK


def test_parts_are_measures_that_may_be_compared_across_routes() -> None:
    sources = {definition.name: definition.source for definition in DEFINITIONS}
    for part in _ALL:
        assert part.measure in sources
        assert "same route only" not in sources[part.measure]
    assert not {"geometric_entropy", "path_ratio"} & {part.measure for part in _ALL}


@pytest.mark.parametrize(
    ("share", "points"), [(0.0, 0.0), (0.25, 25.0), (1.0, 100.0), (1.5, 100.0), (-0.5, 0.0)]
)
def test_points_lie_on_a_line_between_the_limits(share: float, points: float) -> None:
    score = score_of(_measures(_everything(share)))
    assert score.value == pytest.approx(points)
    assert [axis.value for axis in score.axes] == pytest.approx([points] * len(AXES))
    assert score.confidence == pytest.approx(0.9)


@settings(max_examples=60, deadline=None)
@given(
    shares=st.dictionaries(
        st.sampled_from([part.measure for part in _ALL]), st.floats(-0.2, 1.2), min_size=1
    ),
    data=st.data(),
    better=st.floats(0.0, 1.0),
)
def test_a_better_measure_never_lowers_an_axis(
    shares: dict[str, float], data: st.DataObject, better: float
) -> None:
    improved = data.draw(st.sampled_from(sorted(shares)))
    before = score_of(_measures(shares))
    after = score_of(_measures({**shares, improved: shares[improved] + better}))
    for was, now in zip(before.axes, after.axes, strict=True):
        assert (was.value is None) == (now.value is None)
        if was.value is not None and now.value is not None:
            assert now.value >= was.value - 1e-9
    if before.value is not None and after.value is not None:
        assert after.value >= before.value - 1e-9


@pytest.mark.parametrize("axis", AXES)
def test_an_axis_without_half_of_its_weight_says_why(axis: Axis) -> None:
    shares = _everything(0.5)
    for part in PARTS[axis]:
        del shares[part.measure]
    score = score_of(_measures(shares))
    (found,) = [one for one in score.axes if one.axis == axis]
    assert (found.value, found.reason, found.confidence) == (None, "too_little_measured", 0.0)
    assert found.missing == tuple(part.measure for part in PARTS[axis])
    assert score.value == pytest.approx(50.0)
    assert score.confidence == pytest.approx(0.9 * (1 - WEIGHTS[axis]))


def test_a_measure_that_is_missing_lowers_the_confidence() -> None:
    shares = _everything(0.5)
    del shares["straight_arm_share"]
    technique = score_of(_measures(shares)).axes[0]
    assert technique.value == pytest.approx(50.0)
    assert technique.confidence == pytest.approx(0.75 * 0.9)
    assert technique.missing == ("straight_arm_share",)


def test_too_few_moves_and_nothing_at_all() -> None:
    few = [one for one in _measures(_everything(1.0)) if one.name != "reach_count"]
    score = score_of([*few, measure("reach_count", FEWEST_REACHES - 1.0, "n")])
    assert score.value is None
    assert {axis.reason for axis in score.axes} == {"too_few_moves"}
    assert score_of([]).value is None
    assert score_of([measure("pace", None)]).value is None


def test_limits_differ() -> None:
    assert all(isinstance(part, Part) and part.worst != part.best for part in _ALL)
