"""How a compute child goes into its cage: once, before it loads what reads videos or runs threads."""

import resource
import signal
import sys
from pathlib import Path
from typing import Final

MAX_FILE_BYTES: Final = 256 * 2**20
"""What a child may write unless its task says so: results take some MB, ten minutes of 240 frames/s 60."""
_MAX_OPEN_FILES: Final = 256


def enter(folder: Path, *, memory_bytes: int, file_bytes: int, with_devices: bool) -> None:
    """Give up, for good, whatever computing does not need. `folder`: all that may be written to.

    memory_bytes: private; file_bytes: of the largest file. What this kernel cannot do is left out:
    `ascension.jobs.sandbox` tells. Other systems than Linux: limits only. Raises OSError, and then nothing
    may be computed.
    """
    _limit(memory_bytes, file_bytes)
    if sys.platform != "linux":
        return
    from ascension.jobs.cage import calls, files, kernel  # noqa: PLC0415 (Linux alone knows these)

    kernel.die_with_parent(signal.SIGKILL)
    kernel.forgo_privileges()
    files.shut(folder, with_devices=with_devices)
    calls.shut()


def _limit(memory_bytes: int, file_bytes: int) -> None:
    """Private memory, not address space: the runtimes reserve far more than they use.

    Processes are not counted but refused: the kernel's limit counts all of a user's together. Time is the
    parent's: a child computes for many jobs.
    """
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_OPEN_FILES, _MAX_OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
