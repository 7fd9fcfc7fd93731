"""Replicas and workers as containers: Compose projects ascension-blue and -green, a service each."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from programs import FailedError, run

COMPOSE = ("docker", "compose")
NETWORK, SUBNET = "ascension", "10.0.2.0/24"
"""Of all containers of Ascension; replicas believe its first address: the host comes from there."""
FILES = {"api": "replicas.yaml", "worker": "worker.yaml"}
IMAGES = {"api": "API_IMAGE", "worker": "WORKER_IMAGE", "worker-cuda": "WORKER_CUDA_IMAGE"}
NAMES = "images.env"
STOP_WITHIN_S = 960
PULL_WITHIN_S = 1800


@dataclass(frozen=True)
class Containers:
    """What Docker does for a release. The Compose files lie in the release: they change with it."""

    role: str
    lock: str
    """worker-cuda: with the graphics card."""
    first_ports: dict[str, int]
    settings: str
    """Addresses and limits of this host, for Compose."""
    compose: tuple[str, ...] = COMPOSE

    def title(self, color: str, name: int) -> str:
        """What one instance is called here."""
        return f"ascension-{color} {self._service(color, name)}"

    def running(self, color: str, names: Sequence[int]) -> list[int]:
        """Those of these that run."""
        listed = run(
            *("docker", "ps", "--filter", f"label=com.docker.compose.project=ascension-{color}"),
            *("--format", '{{.Label "com.docker.compose.service"}}'),
        ).split()
        return [name for name in names if self._service(color, name) in listed]

    def start(self, color: str, name: int, release: Path, within_s: float) -> None:
        """Docker starts it after a reboot, too. A worker is healthy then; a replica is asked at its port."""
        self._make_network()
        service = self._service(color, name)
        self._compose(color, release, "up", "--detach", "--no-deps", "--force-recreate", service)
        if self.role == "worker":
            waiting = ("--wait", "--wait-timeout", f"{within_s:.0f}")
            self._compose(color, release, "up", "--no-deps", "--no-recreate", *waiting, service)

    def stop(self, color: str, name: int) -> None:
        """It finishes what it has within its grace period, then it ends."""
        found = run(
            *("docker", "ps", "--all", "--quiet"),
            *("--filter", f"label=com.docker.compose.project=ascension-{color}"),
            *("--filter", f"label=com.docker.compose.service={self._service(color, name)}"),
        ).split()
        for container in found:
            run("docker", "stop", container, within_s=STOP_WITHIN_S)
            run("docker", "rm", "--volumes", container)

    def migrate(self, release: Path) -> None:
        """Raises FailedError: the database is not at this release's schema."""
        self._make_network()
        self._compose("blue", release, "run", "--rm", "--no-deps", "migrate")

    def prepare(self, release: Path) -> str:
        """Fetch the image of this role by its digest, if it is not here; what it tells of itself."""
        image = self._image(release)
        if not run("docker", "images", "--quiet", image).strip():
            run("docker", "pull", "--quiet", image, within_s=PULL_WITHIN_S)
        return run("docker", "run", "--rm", "--network", "none", image, "ascension", "--version").strip()

    def forget(self, release: Path) -> None:
        """Its image goes with it."""
        image = self._image(release)
        if run("docker", "images", "--quiet", image).strip():
            run("docker", "rmi", image)

    def _image(self, release: Path) -> str:
        try:
            lines = (release / NAMES).read_text().splitlines()
        except OSError as error:
            raise FailedError(
                f"{release.name} names no images ({error.strerror}): install it again."
            ) from None
        names = dict(line.split("=", 1) for line in lines if "=" in line)
        if image := names.get(IMAGES[self.lock]):
            return image
        raise FailedError(f"{release.name} has no {IMAGES[self.lock]}: it was not built.")

    def _service(self, color: str, name: int) -> str:
        return f"api-{name - self.first_ports[color]}" if self.role == "api" else f"worker-{name}"

    def _compose(self, color: str, release: Path, *arguments: str) -> None:
        folder = release / "infrastructure/compose"
        files = [FILES[self.role], *(["gpu.yaml"] if self.lock == "worker-cuda" else [])]
        run(
            *(*self.compose, "--project-name", f"ascension-{color}"),
            *("--env-file", self.settings, "--env-file", str(release / NAMES)),
            *(part for file in files for part in ("--file", str(folder / file))),
            *arguments,
            # 808 and 809: the last figure is the replica's
            environment={**os.environ, "API_PORTS": str(self.first_ports[color])[:-1]},
            within_s=900,
        )

    def _make_network(self) -> None:
        if NETWORK not in run("docker", "network", "ls", "--format", "{{.Name}}").split():
            run("docker", "network", "create", "--subnet", SUBNET, NETWORK)
