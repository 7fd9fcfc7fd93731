"""Where a worker keeps the files of its jobs, and how what killed ones left is told apart and removed."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

SCRATCH_PREFIX = "ascension-worker-"


@contextmanager
def own_scratch(base: Path) -> Generator[Path]:
    """A folder of this process, held by a lock; those of workers that were killed are removed.

    Process ids would not tell: in containers every worker has the same, and the disk may be shared.
    """
    base.mkdir(parents=True, exist_ok=True)
    for leftover in base.glob(f"{SCRATCH_PREFIX}*"):
        with suppress(OSError):
            handle = _hold(leftover)
            shutil.rmtree(leftover, ignore_errors=True)
            os.close(handle)
    own, handle = _new_folder(base)
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)
        os.close(handle)


def _new_folder(base: Path) -> tuple[Path, int]:
    while True:
        own = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=base))
        # a worker that starts beside us may take it for a leftover before it is held
        with suppress(BlockingIOError, FileNotFoundError):
            handle = _hold(own)
            if own.is_dir():
                return own, handle
            os.close(handle)


def _hold(folder: Path) -> int:
    """Lock a folder until the handle is closed or this process ends. Raises BlockingIOError: it is held."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle
