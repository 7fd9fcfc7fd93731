"""The disk of a platform that runs for months: what takes it, a warning in time, logs that stay small."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from ascension.embedded.engines.engine import Engine
from ascension.embedded.layout import Home
from ascension.embedded.swap import PREFIX_ASIDE
from ascension.infra.disk import Level, level_of, sentence

LOOK_EVERY_S = 10.0
CALM_AGAIN = 1.1  # free space that swings around a limit is told once
MAX_LOG_BYTES = 20_000_000
_SEVERITY = list(Level)
Say = Callable[[str], None]


class DiskWatch:
    """Says once when the disk gets low, and once when there is room again."""

    def __init__(self, path: Path, kept_bytes: int) -> None:
        self._path = path
        self._kept_bytes = kept_bytes
        self._level = Level.OK

    @property
    def is_full(self) -> bool:
        """At the last look."""
        return self._level is Level.FULL

    def look(self, free_bytes: int, total_bytes: int) -> str | None:
        """What has changed since the last look, as one sentence."""
        level = level_of(free_bytes, total_bytes, self._kept_bytes)
        if _SEVERITY.index(level) < _SEVERITY.index(self._level):
            level = level_of(free_bytes / CALM_AGAIN, total_bytes, self._kept_bytes)
        if level is self._level:
            return None
        self._level = level
        told = sentence(level, free_bytes, self._kept_bytes)
        if level is Level.OK:
            return f"Room again at {self._path}: {told}"
        return f"Warning, {self._path}: {told} `ascension status` says what takes the rest."


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


async def look_after(
    home: Home,
    kept_bytes: int,
    say: Say,
    on_room: Callable[[], Awaitable[None]] | None = None,
    every_s: float = LOOK_EVERY_S,
) -> None:
    """Watch disk and logs until canceled; `on_room` once a full disk has room again."""
    watch = DiskWatch(home.path, kept_bytes)
    while True:
        was_full = watch.is_full
        with suppress(OSError):  # looked at again in a moment
            disk = shutil.disk_usage(home.path)
            if sentence := watch.look(disk.free, disk.total):
                say(sentence)
            for log in home.logs.glob("*.log"):
                await asyncio.to_thread(shorten_log, log)
        if was_full and not watch.is_full and on_room is not None:
            await on_room()
        await asyncio.sleep(every_s)


async def end_stuck_storage(storage: Engine, say: Say) -> None:
    """End a SeaweedFS that takes no object although there is room; whoever keeps it starts it again.

    Its metadata store refuses every write once one found the disk full, while reads and the bucket answer.
    """
    if storage.pid is not None and not await storage.program.is_ready():
        say("seaweedfs takes nothing since the disk was full; it is started again")
        await storage.stop()
