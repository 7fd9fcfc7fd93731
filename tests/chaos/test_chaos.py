"""The short form of `make chaos`, as CI runs it: every kind of fault at least once in about three minutes."""

import faulthandler
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.platform import ROOT

TIMEOUT_S = 540
SEED = 20261122


@pytest.mark.engines
@pytest.mark.proves("M44")
def test_nothing_is_lost_or_done_twice_whatever_breaks(tmp_path: Path) -> None:
    """In a process of its own: it needs small disks, which vanish with it."""
    faulthandler.cancel_dump_traceback_later()  # its own limit is below, beyond that of all tests
    command = [sys.executable, "-m", "tests.chaos", "--form", "short", "--seed", str(SEED)]
    run = subprocess.run(
        [*command, "--out", str(tmp_path / "chaos.json")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    print(run.stdout)
