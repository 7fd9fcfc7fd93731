"""Replicas and workers as systemd runs them: ascension-api-blue@8080, ascension-worker-green@1."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from environments import make_environment
from programs import run

RUNNING = ("active", "activating", "reloading")
CREDENTIALS = "/etc/ascension/credentials/migrate"
STOP_WITHIN_S = 960


@dataclass(frozen=True)
class Units:
    """What systemd does for a release."""

    role: str
    lock: str
    """Whose packages it needs: api, worker, worker-cuda."""
    python: str

    def title(self, color: str, name: int) -> str:
        """What one instance is called here."""
        return f"ascension-{self.role}-{color}@{name}.service"

    def running(self, color: str, names: Sequence[int]) -> list[int]:
        """Those of these that run."""
        units = [self.title(color, name) for name in names]
        states = run("systemctl", "show", "--property", "ActiveState", "--value", *units).split()
        return [name for name, state in zip(names, states, strict=True) if state in RUNNING]

    def start(self, color: str, name: int, _release: Path, within_s: float) -> None:
        """Until it says that it is ready. Enabled: it is back after a reboot."""
        unit = self.title(color, name)
        run("systemctl", "enable", "--quiet", unit)
        run("systemctl", "restart", unit, within_s=within_s + 60)

    def stop(self, color: str, name: int) -> None:
        """It finishes what it has, then it ends."""
        run("systemctl", "disable", "--quiet", "--now", self.title(color, name), within_s=STOP_WITHIN_S)

    def migrate(self, release: Path) -> None:
        """Raises FailedError: the database is not at this release's schema."""
        environment = {**os.environ, "CREDENTIALS_DIRECTORY": CREDENTIALS}
        print(run(str(release / "bin/ascension"), "migrate", environment=environment, within_s=900), end="")

    def prepare(self, release: Path) -> str:
        """Make the environment that it runs in; what it tells of itself.

        Raises:
            FailedError: its packages cannot be had.
        """
        make_environment(self.python, release, self.lock)
        return run(str(release / "bin/ascension"), "--version").strip()

    def forget(self, release: Path) -> None:
        """Nothing of a release lies elsewhere than in its folder."""
