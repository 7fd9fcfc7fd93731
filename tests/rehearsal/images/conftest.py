"""Images of two releases, built and pushed once for all that runs them."""

import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.platform import ROOT
from tests.rehearsal.images import ground, machine
from tests.rehearsal.images.ground import REGISTRY, Docker

PLACE = ROOT / "build/rehearsal-images"
VERSIONS = OLD, NEW = "0.0.1-rehearsal", "0.0.2-rehearsal"
THIRD = {
    "redis": "redis:7.2-bookworm",
    "nginx": "nginx:1.28-bookworm",
    "seaweedfs": "chrislusf/seaweedfs:4.48",
}


def script(*arguments: str | Path, docker: Docker) -> str:
    return docker.run(sys.executable, "scripts/images.py", *arguments, within_s=1800)


@pytest.fixture(scope="session")
def builder() -> Iterator[Docker]:
    """With both versions built, and stand-ins for what cannot be pulled here."""
    ground.look_for_programs()
    PLACE.mkdir(parents=True, exist_ok=True)
    with ground.builder(PLACE) as docker:
        ground.make_base(docker, PLACE)
        for version in VERSIONS:
            subprocess.run(
                [sys.executable, "scripts/bundle.py", version, "--changes"], cwd=ROOT, check=True, timeout=120
            )
            print(script("build", version, "--network", "host", docker=docker))
        for name, tag in {**THIRD, "machine": machine.IMAGE}.items():
            context = ROOT / ".venv/bin" if name == "seaweedfs" else ROOT / "tests/rehearsal/images"
            file = ROOT / f"tests/rehearsal/images/{name}.Dockerfile"
            with _context(context / "weed" if name == "seaweedfs" else file) as folder:
                docker.docker(
                    "build", "--network", "host", "--tag", tag, "--file", file, folder, within_s=600
                )
        yield docker


@contextmanager
def _context(file: Path) -> Generator[Path]:
    """A folder with this file alone: a context is sent whole."""
    folder = PLACE / "context"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(file.resolve(), folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def pushed(builder: Docker) -> dict[str, Path]:
    """The files that name what was released, by its digest."""
    with ground.registry(PLACE):
        for version in VERSIONS:
            script("push", version, REGISTRY, docker=builder)
        for tag in THIRD.values():
            builder.docker("tag", tag, f"{REGISTRY}/{tag}")
            builder.docker("push", "--quiet", f"{REGISTRY}/{tag}", within_s=600)
    return {version: ROOT / f"build/release/images-{version}.env" for version in VERSIONS}
