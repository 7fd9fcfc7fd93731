"""How full the disk is on which a platform of one machine keeps its state, and what that means."""

import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

WARN_BELOW_BYTES, WARN_BELOW_SHARE = 5_000_000_000, 0.1


class Level(StrEnum):
    """From good to bad."""

    OK = "ok"
    LOW = "low"
    FULL = "full"


def level_of(free_bytes: float, total_bytes: int, kept_bytes: int) -> Level:
    """How full a disk is on which uploads are refused below `kept_bytes`.

    Low is below 5 GB or a tenth of the disk, whichever is less, but always well before uploads are refused.
    """
    low_bytes = max(min(WARN_BELOW_BYTES, WARN_BELOW_SHARE * total_bytes), 2 * kept_bytes)
    if free_bytes < kept_bytes:
        return Level.FULL
    return Level.LOW if free_bytes < low_bytes else Level.OK


def sentence(level: Level, free_bytes: int, kept_bytes: int) -> str:
    """What a level means, for a person."""
    free = f"{free_bytes / 1e9:.1f} GB are free"
    return {
        Level.OK: f"{free}.",
        Level.LOW: f"Only {free}: below {kept_bytes / 1e9:.1f} GB no uploads are taken.",
        Level.FULL: f"Only {free}: new uploads are refused until there is more; everything else goes on.",
    }[level]


@dataclass(frozen=True)
class DiskState:
    """One look at a disk."""

    level: Level
    free_bytes: int
    sentence: str


@dataclass(frozen=True)
class Disk:
    """The disk under `path`, on which uploads are refused when they would leave less than `kept_bytes`."""

    path: Path
    kept_bytes: int

    def look(self) -> DiskState:
        """How full it is now. Raises OSError where the disk does not answer."""
        found = shutil.disk_usage(self.path)
        level = level_of(found.free, found.total, self.kept_bytes)
        return DiskState(level, found.free, sentence(level, found.free, self.kept_bytes))
