"""What is compared with is itself right: the truth's measures are what the truth file says."""

from dataclasses import replace

import numpy as np
import pytest

from ascension.climbing.body import Body
from ascension.climbing.measures.definitions import measures_of
from ascension.climbing.record import Attempt, Interval, Measure
from validation.measures import Offset, Pair, offset_of, shares_of, true_material
from validation.proof import EXAMPLE, clip_of

TRUTH = clip_of(EXAMPLE).truth


@pytest.fixture(scope="module")
def true() -> dict[str, Measure]:
    whole = Attempt(0, len(TRUTH.time_s), "unknown", "")
    return {one.name: one for one in measures_of(true_material(TRUTH, "m", Body(mass_kg=70), whole))}


def test_hand_moves_are_the_changes_of_holds(true: dict[str, Measure]) -> None:
    held = TRUTH.contact_hold[:, :2]
    changes = sum(len(np.unique(column[column >= 0])) - 1 for column in held.T)
    assert true["reach_count"].value == changes


def test_height_is_that_of_the_holds(true: dict[str, Measure]) -> None:
    touched = np.unique(TRUTH.contact_hold[:, :2])
    heights = TRUTH.hold_center_m[touched[touched >= 0], 1]
    assert true["height_gained"].value == pytest.approx(np.ptp(heights), abs=1e-5)


def test_speed_is_that_of_the_hips(true: dict[str, Measure]) -> None:
    hips = (TRUTH.landmarks_m @ TRUTH.wall_axes.T)[:, [23, 24], 1].mean(axis=1)
    exact = (hips[-1] - hips[0]) / (TRUTH.time_s[-1] - TRUTH.time_s[0])
    assert true["climbing_speed"].value == pytest.approx(exact, rel=0.02)


def test_limbs_are_known_all_the_time(true: dict[str, Measure]) -> None:
    assert all(one.value is not None for name, one in true.items() if name.startswith("state_"))


def test_what_is_off_is_counted_over_the_scenes_that_have_both(true: dict[str, Measure]) -> None:
    reach, blank = true["reach_distance"], true["hip_to_wall"]
    assert reach.value is not None
    longer = replace(reach, value=reach.value + 0.1)
    pairs = [
        Pair("a", reach, reach),
        Pair("b", longer, reach),
        Pair("b", blank, reach),
        Pair("c", reach, blank),
    ]
    pairs = [Pair(one.scene, replace(one.ours, name="x"), one.true) for one in pairs]
    found = offset_of("x", pairs)
    assert (found.both, found.ours_only, found.true_only) == (2, 1, 1)
    assert found.true_median == reach.value
    assert found.median_off == pytest.approx(0.05)
    assert found.mean_off == pytest.approx(0.05)
    assert offset_of("y", pairs) == Offset(0, 0, 0)


def test_shares_are_those_of_the_longest_attempt(true: dict[str, Measure]) -> None:
    share = true["immobility_share"]
    short = replace(share, value=99.0, frames=(Interval(0, 1),))
    assert shares_of(share.name, [Pair("a", short, short), Pair("a", share, share)]) == (share.value,) * 2
    assert shares_of(share.name, []) == (None, None)
