"""One measurement, one process: pinned to some cores, with a time limit, its last line of output is JSON."""

import json
import os
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.prepare import ROOT


class ChildFailed(Exception):
    """A measuring process did not do its work: one sentence says why."""


def measure(command: Sequence[str | Path], cores: int, timeout_s: float) -> dict[str, float]:
    """Run the command on the first `cores` cores; the figures that it printed. Raises ChildFailed."""
    with _pinned(cores):
        said = run(command, timeout_s)
    figures: dict[str, float] = json.loads(said.splitlines()[-1])
    return figures


def run(command: Sequence[str | Path], timeout_s: float, env: dict[str, str] | None = None) -> str:
    """What the program printed. Raises ChildFailed with the end of its messages."""
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ChildFailed(str(error)) from error
    if done.returncode:
        raise ChildFailed(f"exit {done.returncode}: {done.stderr.strip()[-1500:]}")
    return done.stdout


@contextmanager
def _pinned(cores: int) -> Generator[None]:
    """Processes started inside inherit the cores, so their libraries count no others."""
    all_cores = os.sched_getaffinity(0)
    if cores > len(all_cores):
        raise ChildFailed(f"{cores} cores asked for, this machine lends {len(all_cores)}")
    os.sched_setaffinity(0, sorted(all_cores)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cores)
