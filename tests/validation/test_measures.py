"""What is compared with is itself right: the truth's measures are what the truth file says."""

import numpy as np
import pytest

from ascension.climbing.body import Body
from ascension.climbing.measures import DEFINITIONS, measures_of
from ascension.climbing.record import Attempt, Measure
from validation.climbs import truth_path
from validation.measures import Pair, show, true_material
from validation.truth import load


@pytest.fixture(scope="module")
def true() -> dict[str, Measure]:
    truth = load(truth_path("climb"))
    whole = Attempt(0, len(truth.time_s), "unknown", "")
    return {one.name: one for one in measures_of(true_material(truth, "m", Body(mass_kg=70), whole))}


def test_hand_moves_are_the_changes_of_holds(true: dict[str, Measure]) -> None:
    held = load(truth_path("climb")).contact_hold[:, :2]
    changes = sum(len(np.unique(column[column >= 0])) - 1 for column in held.T)
    assert true["reach_count"].value == changes


def test_height_is_that_of_the_holds(true: dict[str, Measure]) -> None:
    truth = load(truth_path("climb"))
    touched = np.unique(truth.contact_hold[:, :2])
    heights = truth.hold_center_m[touched[touched >= 0], 1]
    assert true["height_gained"].value == pytest.approx(np.ptp(heights), abs=1e-5)


def test_speed_is_that_of_the_hips(true: dict[str, Measure]) -> None:
    truth = load(truth_path("climb"))
    hips = (truth.landmarks_m @ truth.wall_axes.T)[:, [23, 24], 1].mean(axis=1)
    exact = (hips[-1] - hips[0]) / (truth.time_s[-1] - truth.time_s[0])
    assert true["climbing_speed"].value == pytest.approx(exact, rel=0.02)


def test_limbs_are_known_all_the_time(true: dict[str, Measure]) -> None:
    assert all(one.value is not None for name, one in true.items() if name.startswith("state_"))


def test_the_table_has_a_row_for_each(true: dict[str, Measure]) -> None:
    rows = show([Pair("climb", one, one) for one in true.values()]).splitlines()
    assert len(rows) == 2 + len(DEFINITIONS)
    assert "| B17 | reach_distance | length | 1 | 0 | 0 |" in next(
        row for row in rows if "reach_distance" in row
    )
    assert "| 0 | 0 | 0 | - | - | - |" in next(row for row in rows if "hip_to_wall" in row)
