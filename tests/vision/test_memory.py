"""Freed pictures do not stay in the process."""

import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library than glibc")

PROGRAM = """
import re
import sys
from pathlib import Path
import numpy
from ascension.vision.memory import give_back, map_large

def resident_mb():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

if sys.argv[1] == "told":
    map_large()
numpy.ones(25 * 2**20, numpy.uint8)
before = resident_mb()
pictures = [numpy.ones(12 * 2**20, numpy.uint8) for _ in range(10)]
kept = pictures[-1]
del pictures
print(resident_mb() - before)
"""


def _left_mb(told: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, told],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return int(done.stdout)


def test_only_the_picture_that_is_kept_takes_memory() -> None:
    assert _left_mb("told") < 20


def test_the_heap_would_keep_the_holes() -> None:
    assert _left_mb("untold") > 100
