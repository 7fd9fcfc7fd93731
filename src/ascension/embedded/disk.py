"""The disk of a platform that runs for months: what takes it, a warning in time, logs that stay small."""

import asyncio
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from pathlib import Path

from ascension.embedded.layout import Home
from ascension.embedded.swap import PREFIX_ASIDE

LOOK_EVERY_S = 10.0
WARN_BELOW_BYTES, WARN_BELOW_SHARE = 5_000_000_000, 0.1
CALM_AGAIN = 1.1  # free space that swings around a limit is told once
MAX_LOG_BYTES = 20_000_000


class Level(Enum):
    PLENTY = 0
    LOW = 1
    NO_UPLOADS = 2


def level_of(free_bytes: float, total_bytes: int, kept_bytes: int) -> Level:
    """How full a disk is on which uploads are refused below `kept_bytes`.

    Low is below 5 GB or a tenth of the disk, whichever is less, but always well before uploads are refused.
    """
    low_bytes = max(min(WARN_BELOW_BYTES, WARN_BELOW_SHARE * total_bytes), 2 * kept_bytes)
    if free_bytes < kept_bytes:
        return Level.NO_UPLOADS
    return Level.LOW if free_bytes < low_bytes else Level.PLENTY


class DiskWatch:
    """Says once when the disk gets low, and once when there is room again."""

    def __init__(self, path: Path, kept_bytes: int) -> None:
        self._path = path
        self._kept_bytes = kept_bytes
        self._level = Level.PLENTY

    def look(self, free_bytes: int, total_bytes: int) -> str | None:
        """What has changed since the last look, as one sentence."""
        level = level_of(free_bytes, total_bytes, self._kept_bytes)
        if level.value < self._level.value:
            level = level_of(free_bytes / CALM_AGAIN, total_bytes, self._kept_bytes)
        if level is self._level:
            return None
        self._level = level
        free = f"{free_bytes / 1e9:.1f} GB are free at {self._path}"
        if level is Level.PLENTY:
            return f"{free} again."
        if level is Level.LOW:
            return (
                f"Warning: only {free}. `ascension status` says what takes the rest; "
                f"below {self._kept_bytes / 1e9:.1f} GB no uploads are taken."
            )
        return f"Warning: only {free}. New uploads are refused until there is more; everything else goes on."


def usage_by_part(home: Home) -> dict[str, int]:
    """Bytes on disk of each part of the state."""
    parts = {
        "database": [home.data("postgres")],
        "objects": [home.data("seaweedfs")],
        "queue": [home.data("valkey")],
        "logs": [home.logs],
        "backups": [home.backups],
        "put aside": list(home.path.glob(f"{PREFIX_ASIDE}*")),
        "other": [home.engines, home.scratch],
    }
    return {name: sum(map(_used_bytes, directories)) for name, directories in parts.items()}


def _used_bytes(directory: Path) -> int:
    total = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            with suppress(OSError):  # the engines remove files meanwhile
                total += (Path(folder) / name).lstat().st_blocks * 512
    return total


def shorten_log(log: Path, most_bytes: int = MAX_LOG_BYTES) -> bool:
    """Begin a log anew that has grown too long; the two before it stay as `.1` and `.2`. Whether it was.

    Its writer keeps the file open and appends, so it is copied and cut: lines of that moment may be lost.
    """
    if log.stat().st_size <= most_bytes:
        return False
    older, oldest = log.with_name(log.name + ".1"), log.with_name(log.name + ".2")
    with suppress(OSError):  # on a full disk it is cut all the same
        if older.exists():
            older.replace(oldest)
        shutil.copyfile(log, older)
        older.chmod(0o600)
    os.truncate(log, 0)
    return True


async def look_after(home: Home, kept_bytes: int, say: Callable[[str], None]) -> None:
    """Watch disk and logs until canceled."""
    watch = DiskWatch(home.path, kept_bytes)
    while True:
        with suppress(OSError):  # looked at again in a moment
            disk = shutil.disk_usage(home.path)
            if sentence := watch.look(disk.free, disk.total):
                say(sentence)
            for log in home.logs.glob("*.log"):
                await asyncio.to_thread(shorten_log, log)
        await asyncio.sleep(LOOK_EVERY_S)
