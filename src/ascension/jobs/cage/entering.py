"""How a compute child goes into its cage: once, before it loads what reads videos or runs threads."""

import resource
import signal
import sys
from pathlib import Path
from typing import Final

MAX_FILE_BYTES: Final = 256 * 2**20
"""What a child may write unless its task says so: results take some MB, ten minutes of 240 frames/s 60."""
_MAX_OPEN_FILES: Final = 256


def enter(
    folder: Path,
    *,
    memory_bytes: int,
    file_bytes: int,
    with_devices: bool,
    reads: Path | None = None,
    writes: Path | None = None,
) -> None:
    """Give up, for good, whatever computing does not need. `folder`: all that may be written to.

    memory_bytes: private; file_bytes: of the largest file; reads, writes: one file each that lies elsewhere,
    and is there. What this kernel cannot do is left out: `ascension.jobs.sandbox` tells. Other systems than
    Linux: limits only. Raises OSError, and then nothing may be computed.
    """
    _limit(memory_bytes, file_bytes)
    if sys.platform != "linux":
        return
    from ascension.jobs.cage import calls, files, kernel  # noqa: PLC0415 (Linux alone knows these)

    kernel.die_with_parent(signal.SIGKILL)
    kernel.forgo_privileges()
    files.shut(folder, with_devices=with_devices, reads=reads, writes=writes)
    calls.shut()


def _limit(memory_bytes: int, file_bytes: int) -> None:
    """Private memory, not address space: the runtimes reserve far more than they use.

    Processes are not counted but refused: the kernel's limit counts all of a user's together. Time is the
    parent's: a child computes for many jobs.
    """
    if sys.platform == "linux":
        _lower(resource.RLIMIT_DATA, memory_bytes)
    _lower(resource.RLIMIT_FSIZE, file_bytes)
    _lower(resource.RLIMIT_NOFILE, _MAX_OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(limit: int, most: int) -> None:
    """Never above what whoever started us was allowed, which root could."""
    _, allowed = resource.getrlimit(limit)
    new = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
    resource.setrlimit(limit, (new, new))
