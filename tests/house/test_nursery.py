"""A program out of the nursery is what `python -m` would have started."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.nursery import ROOT, Nursery

SAYS = "import os, sys; print(sorted(os.environ.items()), os.getcwd(), sys.path, open('/dev/stdin').read())"
ENVIRONMENT = {"ONLY": "this", "LANG": "C.UTF-8"}


def test_it_has_its_own_environment_words_and_end(tmp_path: Path) -> None:
    log, plain_log = tmp_path / "log", tmp_path / "plain"
    words = ("-n", "1", "-r", "1", f"{SAYS}; raise SystemExit")
    with plain_log.open("w") as said:
        command = [sys.executable, "-m", "timeit", *words]
        plain = subprocess.Popen(
            command, env=ENVIRONMENT, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
    with Nursery() as nursery:
        grown = nursery.start("timeit", words, ENVIRONMENT, log)
        assert grown.wait(60) == plain.wait(60) == 1
        assert log.read_text() == plain_log.read_text()
        assert "('ONLY', 'this')" in log.read_text()
        sleeping = nursery.start("timeit", ("-n", "1", "import time; time.sleep(60)"), ENVIRONMENT, log)
        assert sleeping.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            sleeping.wait(0.1)
        sleeping.terminate()
        assert sleeping.wait(60) == -signal.SIGTERM
