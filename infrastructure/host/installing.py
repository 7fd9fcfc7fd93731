"""Releases beside each other in /opt/ascension/releases, each with an environment of its own."""

import hashlib
import shutil
import tarfile
from pathlib import Path

from units import FailedError, Host, run, say

KEPT_RELEASES = 3


def install(host: Host, archive: Path, sha256: str) -> str:
    """Unpack a bundle beside the releases that are there, with an environment of its own; its version.

    Raises:
        FailedError: it is another file than the one that was released, or its packages cannot be had.
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
        if (releases / version).exists():
            say("installed_already", version=version)
            return version
        partial = releases / f".{version}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        tar.extractall(partial)  # noqa: S202 (files only, as looked at above, of a digest that was told)
    unpacked = partial / f"ascension-{version}"
    uv = partial / "uv"
    run(host.python, "-m", "venv", str(uv))
    run(
        *(str(uv / "bin/pip"), "install", "--quiet", "--require-hashes", "--no-deps"),
        *("-r", str(unpacked / "requirements/uv.lock")),
        within_s=600,
    )
    # where it will lie: an environment names its own path
    target = releases / version
    unpacked.rename(target)
    try:
        run(host.python, "-m", "venv", "--without-pip", str(target / ".venv"))
        run(
            *(str(uv / "bin/uv"), "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"),
            *("--python", str(target / ".venv/bin/python"), str(target / f"requirements/{host.lock}.lock")),
            within_s=1800,
        )
        [packages] = (target / ".venv/lib").glob("python3*/site-packages")
        (packages / "ascension.pth").write_text(f"{target}/src\n")
        run(str(target / ".venv/bin/python"), "-m", "compileall", "-q", str(target / "src"), within_s=600)
        told = run(str(target / "bin/ascension"), "--version").strip()
    except FailedError:
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
            shutil.rmtree(release)
            say("removed", version=release.name)
