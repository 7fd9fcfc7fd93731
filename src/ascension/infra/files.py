"""Local files of the commands: read no further than allowed, written whole or not at all."""

import glob
import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PART: Final = ".part"


def read_at_most(path: Path, most_bytes: int) -> bytes:
    """At most one byte more than allowed, so that whatever is there cannot fill the memory."""
    with path.open("rb") as file:
        return file.read(most_bytes + 1)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file and the folders above it; on any error `path` stays as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_or_nothing(path) as part:
        part.write_bytes(data)


@contextmanager
def whole_or_nothing(path: Path) -> Generator[Path]:
    """A name to write to, which becomes `path` at the end, or vanishes on any error or interruption."""
    part = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
    try:
        yield part
        part.replace(path)
    finally:
        with suppress(OSError):  # gone, or its folder was never there: the first error is the one to tell
            part.unlink()


def remove_leftovers(paths: Iterable[Path]) -> None:
    """What runs for the same files left half-written: a killed process cleans nothing up."""
    for path in paths:
        for part in path.parent.glob(f".{glob.escape(path.name)}.*{_PART}"):
            number = part.name.removesuffix(_PART).rpartition(".")[2]
            if number.isdecimal() and not _is_running(int(number)):
                part.unlink(missing_ok=True)


def _is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):  # somebody else's, or no process's
        return True
    return True
