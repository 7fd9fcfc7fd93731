"""Environments of their own for programs that benches measure against or with: nothing of them is product."""

from pathlib import Path

from benches import child
from scripts.prepare import ROOT, UV_HOME, uv_settings

INSTALL_TIMEOUT_S = 900


class EnvironmentMissing(Exception):
    """It could not be made here: one sentence says why."""


def make(home: Path, lock: Path, pythons: str, name: str) -> None:
    """`home`/venv with what the lock holds, by hash. Raises EnvironmentMissing."""
    uv = UV_HOME / "bin/uv"
    create = [uv, "venv", "-q", "--clear", "--no-python-downloads", "-p", pythons, home / "venv"]
    run(create, f"{name} needs Python {pythons} beside ours")
    install = [uv, "pip", "sync", "-q", "-p", home / "venv/bin/python", "--require-hashes", lock]
    run(install, f"{name} could not be installed")


def write_lock(lock: Path) -> None:
    """Write the lock anew from the pyproject.toml beside it: hashes, no addresses."""
    plain = ("--no-emit-index-url", "--no-emit-find-links", "--no-header", "-q")
    files = (lock.with_name("pyproject.toml").relative_to(ROOT), "-o", lock.relative_to(ROOT))
    command = [UV_HOME / "bin/uv", "pip", "compile", "--universal", "--generate-hashes", *plain, *files]
    run(command, "The lock was not written")


def run(command: list[str | Path], failure: str) -> None:
    """Run one step of the making. Raises EnvironmentMissing with this sentence."""
    try:
        child.run(command, INSTALL_TIMEOUT_S, uv_settings())
    except child.ChildFailed as error:
        raise EnvironmentMissing(f"{failure}; {error}") from error
