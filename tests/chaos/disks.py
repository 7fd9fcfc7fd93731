"""Small disks that can be filled: memory file systems, shrunk to what they hold."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MOUNT_TIMEOUT_S = 10
BLOCK_BYTES = 4096
FILL_ATTEMPTS = 20


@dataclass(frozen=True)
class Disk:
    """A file system of its own at `path`. Needs root."""

    path: Path
    size_mb: int

    def mount(self) -> str:
        """Put it there; empty where it worked, else why not."""
        if sys.platform != "linux":
            return "no mount on this system"
        return self._mount(f"size={self.size_mb}m,mode=0755")

    def fill(self) -> None:
        """No byte more from now on: the size becomes what is used. Raises OSError where that fails."""
        said = ""
        for _ in range(FILL_ATTEMPTS):  # below what is used by now the size is refused
            found = os.statvfs(self.path)
            used_bytes = (found.f_blocks - found.f_bfree) * found.f_frsize
            said = self._mount(f"remount,size={max(BLOCK_BYTES, used_bytes)}")
            if not said:
                return
        raise OSError(said)

    def free(self) -> None:
        """Its first size again. Raises OSError where that fails."""
        if said := self._mount(f"remount,size={self.size_mb}m"):
            raise OSError(said)

    def unmount(self) -> None:
        """Take it away, whoever still looks at it."""
        subprocess.run(
            ["umount", "--lazy", str(self.path)], timeout=MOUNT_TIMEOUT_S, check=False, capture_output=True
        )

    def _mount(self, options: str) -> str:
        self.path.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.path)],
            timeout=MOUNT_TIMEOUT_S,
            check=False,
            capture_output=True,
            text=True,
        )
        return done.stderr.strip() if done.returncode else ""
