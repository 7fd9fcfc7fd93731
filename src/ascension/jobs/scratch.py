"""Where a worker keeps the files of its jobs, and how what killed ones left is told apart and removed."""

import errno
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ascension.errors.jobs import ComputeCrashed
from ascension.jobs.cage.entering import MAX_FILE_BYTES

SCRATCH_PREFIX = "ascension-worker-"
_NO_FILE = "The analysis program left something else than a file."


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


def read_left(path: Path) -> bytes | None:
    """What a compute child left there; None: nothing. Raises what `open_left` does."""
    left = open_left(path, max_bytes=MAX_FILE_BYTES)
    if left is None:
        return None
    with left:
        return left.read()


def open_left(path: Path, *, max_bytes: int) -> BinaryIO | None:
    """The file that a compute child left there; None: none.

    Raises ComputeCrashed for anything but a plain file: a link would let the child choose what is read in its
    name, a pipe would hold its parent up. The cage refuses both; not every kernel has one.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ComputeCrashed(_NO_FILE) from None
        raise
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_size > max_bytes:
        os.close(handle)
        raise ComputeCrashed(_NO_FILE)
    return os.fdopen(handle, "rb")


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
