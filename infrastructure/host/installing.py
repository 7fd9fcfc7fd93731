"""Releases beside each other in /opt/ascension/releases, each with what it needs to run."""

import hashlib
import shutil
import tarfile
from pathlib import Path

from containers import NAMES
from host import Host
from programs import FailedError, say

KEPT_RELEASES = 3


def install(host: Host, archive: Path, sha256: str, images: Path | None = None) -> str:
    """Unpack a bundle beside the releases that are there, with what runs it; its version.

    Raises:
        FailedError: it is another file than the one that was released, or what it needs cannot be had.
    """
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != sha256.lower():
        raise FailedError(f"{archive.name} has the digest {digest}: it is not what was released.")
    releases = host.home / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        members = tar.getmembers()
        parts = [Path(member.name).parts for member in members]
        if not all(member.isfile() for member in members) or any(
            ".." in one or one[0] == "/" for one in parts
        ):
            raise FailedError(f"{archive.name} is no bundle: it holds more than files.")
        version = parts[0][0].removeprefix("ascension-")
        target = releases / version
        if target.exists():
            say("installed_already", version=version)
            return version
        partial = releases / f".{version}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        tar.extractall(partial)  # noqa: S202 (files only, as looked at above, of a digest that was told)
    (partial / f"ascension-{version}").rename(target)
    try:
        if images is not None:
            shutil.copyfile(images, target / NAMES)
        told = host.runner.prepare(target)
    except (FailedError, OSError):
        shutil.rmtree(target)
        raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    say("installed", version=version, tells=told)
    return version


def prune(host: Host) -> None:
    """The newest releases stay, and those that a color names."""
    used = {host.version("blue"), host.version("green")}
    found = sorted((host.home / "releases").glob("[0-9]*"), key=lambda release: release.stat().st_mtime)
    for release in found[:-KEPT_RELEASES]:
        if release.name not in used:
            host.runner.forget(release)
            shutil.rmtree(release)
            say("removed", version=release.name)
