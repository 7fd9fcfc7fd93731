"""The short form of `make load`, as CI runs it: whole journeys through two API processes, not one error."""

import os
import subprocess
import sys

import pytest

from tests.platform import ROOT

TIMEOUT_S = 300
USERS = 6


@pytest.mark.engines
@pytest.mark.proves("M38", "M11")
@pytest.mark.thorough
def test_the_documented_shape_and_journeys_end_without_an_error() -> None:
    """Two processes of tests share two cores here: errors are judged, latencies only by `make load`."""
    command = [sys.executable, "-m", "benches.load", "journey", "--short", "--errors-only"]
    run = subprocess.run(
        [*command, "--users", str(USERS), "--think", "0.15"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "ask for analysis" in run.stdout, "no journey got as far as an analysis"
    print(run.stdout)
