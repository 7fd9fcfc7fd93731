"""Memory that is not needed any more goes back to the system; glibc keeps it unless it is told."""

import ctypes
from functools import cache
from typing import Final

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of glibc's mallopt."""
_LARGE_BYTES: Final = 4 * 2**20
_SPARE_BYTES: Final = 2 * 2**20
"""Kept at the end of each heap: crops and heatmaps come and go with every frame."""


@cache
def map_large() -> None:
    """Once per process: blocks of more than 4 MB are mapped one by one, and given back when they are freed.

    Else the heap takes them in after the first one was freed, and 4K pictures tear it into holes: 1.5 s of
    4K HEVC peaked at 790 MB, of which this saves 50. Does nothing with other C libraries than glibc.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_TRIM_THRESHOLD, _SPARE_BYTES)


def give_back() -> None:
    """What was freed and not given back yet: some 30 MB after the networks were compiled."""
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)
