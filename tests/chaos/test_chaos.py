"""The forms of `make chaos` that tests run: CI the one that kills each part, the thorough ones every kind."""

import faulthandler
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.plan import KILLS, SHORT, Shape
from tests.platform import ROOT

TIMEOUT_S = 540
SEED = 20261122


@pytest.mark.engines
@pytest.mark.proves("M44")
@pytest.mark.parametrize(
    ("form", "shape"),
    [
        pytest.param("kills", KILLS, id="kills"),
        pytest.param("short", SHORT, id="short", marks=pytest.mark.thorough),
    ],
)
def test_nothing_is_lost_or_done_twice_whatever_breaks(form: str, shape: Shape, tmp_path: Path) -> None:
    """In a process of its own: it needs small disks, which vanish with it."""
    faulthandler.cancel_dump_traceback_later()  # its own limit is below, beyond that of all tests
    table = tmp_path / "chaos.json"
    run = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--form", form, "--seed", str(SEED), "--out", str(table)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    print(run.stdout)
    summary: dict[str, Any] = json.loads(table.read_text())
    thrown = {kind for kind in shape.kinds if any(told.startswith(kind) for told in summary["faults"])}
    assert thrown | set(summary["impossible"]) >= set(shape.kinds) - {"cut off for all"}
