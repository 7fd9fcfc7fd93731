"""One process's clock, an hour off and back: libfaketime in front of the C library, told by a file."""

import sys
from dataclasses import dataclass
from pathlib import Path

LIBRARY = "libfaketimeMT.so.1"
FOLDERS = [Path("/usr/lib") / f"{machine}-linux-gnu" / "faketime" for machine in ("x86_64", "aarch64")]
READ_AGAIN_S = 1


@dataclass(frozen=True)
class Clock:
    """Set for one process. Waiting goes on undisturbed: a step of the clock moves no monotonic time."""

    file: Path

    @staticmethod
    def possible() -> bool:
        """Is the library there (Debian: libfaketime)?"""
        return sys.platform == "linux" and any((folder / LIBRARY).exists() for folder in FOLDERS)

    def environment(self) -> dict[str, str]:
        """What the process is started with."""
        self.set(0)
        library = next(folder / LIBRARY for folder in FOLDERS if (folder / LIBRARY).exists())
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": str(READ_AGAIN_S),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def set(self, offset_s: int) -> None:
        """Seconds before (negative) or after the true time; seen within READ_AGAIN_S."""
        partial = self.file.with_suffix(".new")
        partial.write_text(f"{offset_s:+d}\n")
        partial.replace(self.file)
