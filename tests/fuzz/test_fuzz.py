"""The shorter run of `make fuzz-api`, with a seed of its own: a run of tests says the same each time."""

import os
import subprocess
import sys

import pytest

from tests.fuzz.ledger import Ledger
from tests.platform import ROOT

LIMIT_S = 400


@pytest.mark.proves("M58")
def test_every_answer_is_one_that_the_description_allows() -> None:
    words = ["--cases", "300", "--seed", "20261122", "--phases", "examples,fuzzing,stateful"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *words],
        cwd=ROOT,
        env={**os.environ, "NO_PROXY": "127.0.0.1,localhost"},
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "0 server errors, 0 answers against the description" in done.stdout


def test_a_run_without_a_case_or_with_a_finding_does_not_hold() -> None:
    ledger = Ledger()
    assert not ledger.holds
    ledger.answered("GET /health", 200)
    assert ledger.holds
    ledger.found("GET /health", "status_code_conformance")
    assert (ledger.holds, ledger.violations) == (False, 1)
    for status in (500, 503):
        broken = Ledger()
        broken.answered("GET /health", status)
        assert (broken.holds, broken.server_errors) == (False, 1)
    silent = Ledger()
    silent.answered("GET /health", 200)
    silent.lost["POST /health"] += 1
    assert not silent.holds
    assert "FOUND status_code_conformance:1" in "\n".join(ledger.lines())
