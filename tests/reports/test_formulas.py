"""Tables for other programs: no cell is a formula, whoever named the clip, and numbers stay numbers."""

import csv
import io
import re
from dataclasses import replace

import pytest

from ascension.biomechanics.conventions import ANGLE_NAMES, LANDMARK_NAMES
from ascension.reports.csv_file import csv_of
from tests.analyses.sample import build_sample

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
STARTS = ("=", "+", "-", "@", "\t", "\r", "|", "%", '"', "'")


@pytest.mark.proves("M58")
def test_every_cell_is_a_name_of_ours_or_a_number_or_empty() -> None:
    result = build_sample()
    beyond_the_edge = replace(result, landmarks_px=result.landmarks_px - 5000)
    header, *rows = csv.reader(io.StringIO(csv_of(beyond_the_edge).decode(), newline=""))
    assert len(rows) > 20
    assert not [name for name in header if name.startswith(STARTS)]
    ours = ("frame", "time_s", "person", "center_of_mass", *LANDMARK_NAMES, *ANGLE_NAMES)
    assert not [name for name in header if not name.startswith(ours)]
    cells = [cell for row in rows for cell in row if cell]
    assert not [cell for cell in cells if not NUMBER.fullmatch(cell)]
    assert [cell for cell in cells if cell.startswith("-")], "numbers below zero stay numbers"
