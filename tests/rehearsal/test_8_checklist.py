"""The documented checklist, ticked by the command that operators use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.platform import PASSWORD, Climber
from tests.rehearsal import report
from tests.rehearsal.hosts import ROOT
from tests.rehearsal.staging import AUTHORITY, INVENTORY

ITEMS = 14


@pytest.mark.rehearsal
def test_every_item_is_ticked_or_says_who_looks(climber: Climber, tmp_path: Path) -> None:
    probe = tmp_path / "probe"
    probe.write_text(f"{climber.email}\n{PASSWORD}\n")
    probe.chmod(0o600)
    command = [
        *(sys.executable, "-m", "ascension.cli", "doctor", "--env", "staging", "--json"),
        *("--inventory", str(INVENTORY / "hosts.yml"), "--probe", str(probe), "--ca", str(AUTHORITY)),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    told = json.loads(done.stdout)
    for item in told["items"]:
        seen = "; ".join(one["text"] for one in item["findings"])
        report.note(f"{item['number']}. {item['what']}", f"{item['verdict']}: {seen}")
    assert len(told["items"]) == ITEMS
    assert [item for item in told["items"] if item["verdict"] == "fail"] == [], done.stderr
