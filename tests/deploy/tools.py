"""The programs that deploy Ascension, and that check what deploys it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.platform import ROOT

PROGRAMS = ROOT / "build/deploy/bin"
WITHIN_S = 300


def tool(name: str) -> str:
    """Where it is; the test fails by name where it is missing."""
    found = shutil.which(name, path=f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if found is None:
        pytest.fail(f"{name} is missing here: `make test-deploy` installs it.", pytrace=False)
    return found


def run_tool(name: str, *arguments: str | Path, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run it to its end, both outputs in `stdout`."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [tool(name), *arguments],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
