#!/usr/bin/env python3
"""Bring a release onto this host, replica by replica, and take it back.

    release.py install ascension-0.2.0.tar.gz --sha256 DIGEST [--images images-0.2.0.env]    beside the others
    release.py migrate 0.2.0     the database, before anything of it runs
    release.py roll 0.2.0        one replica or worker after the other, each behind a health gate; also where
                                 only settings or secrets have changed
    release.py back              the release of before, in the same way
    release.py start 0.2.0       the other color beside this one, which nobody asks; then
    release.py flip              all at once, and back by the same command
    release.py show              what is installed, what runs, who is asked
    release.py prune             remove all but the newest three

Two colors share a host: /opt/ascension/blue and green are links to releases. What rolls starts one of the
idle color, waits until it is ready and tells its version, has nginx ask it, takes one of the other color out,
lets it finish, stops it. What fails goes back by itself, and the exit code says so.

Standard library only: it has to work while the release that it moves does not.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from host import COLORS, Color, Host, other
from installing import install, prune
from programs import FailedError, alone, say

SETTINGS = Path("/etc/ascension/host.json")


def roll(host: Host, version: str) -> None:
    """Raises FailedError; then everything runs as before, or the sentence says what does not."""
    old = host.active()
    if old and host.version(old) == version and host.running(other(old)):
        old = other(old)  # one that was broken off in the middle goes on
    new = other(old) if old else COLORS[0]
    told = host.told()
    if old and host.version(old) == version and host.taken(old) == told and not host.running(new):
        say("nothing_to_do", version=version)
        return
    host.point(new, version)
    say("rolling", version=version, color=new, before=host.version(old) if old else None)
    try:
        for name in host.names(new):
            host.start(new, name)
            if old and (left := host.running(old)):
                host.stop(old, left[0])
        if old:  # there were more of them
            for name in host.running(old):
                host.stop(old, name)
        host.take(new, told)
    except FailedError as error:
        say("failed", reason=str(error))
        if old is None:
            raise
        take_back(host, old, new)
        raise FailedError(f"{version} was taken back, {host.version(old)} runs: {error}") from None
    say("rolled", version=version, color=new)


def take_back(host: Host, old: Color, new: Color) -> None:
    """Every instance of before runs again, then none of the new ones."""
    running = host.running(old)
    for name in host.names(old):
        if name not in running:
            host.start(old, name)
    running = host.running(new)
    for name in host.names(new):
        if name in running:
            host.stop(new, name)
    say("taken_back", color=old, version=host.version(old))


def back(host: Host) -> None:
    """The release that the idle color still names."""
    now = host.active()
    before = host.version(other(now)) if now else None
    if before is None:
        raise FailedError("No release of before is installed here.")
    roll(host, before)


def start(host: Host, version: str) -> None:
    """The idle color runs this release beside the other; nobody asks it before a flip."""
    if host.role != "api":
        raise FailedError("Workers take jobs as soon as they run: roll them.")
    color = other(host.active() or "green")
    host.point(color, version)
    for name in host.names(color):
        host.start(color, name, is_asked=False)
    host.take(color, host.told())


def flip(host: Host) -> None:
    """All at once; the same command flips back."""
    asked = host.asked()
    target: Color = "green" if any(port in host.ports("blue") for port in asked) else "blue"
    ports = host.running(target) if host.role == "api" else []
    if not ports:
        raise FailedError(f"No {target} replica runs: `release.py start VERSION` first.")
    host.balance("put", *ports)
    say("flipped", color=target, version=host.version(target))


def migrate(host: Host, version: str) -> None:
    """Bring the database to this release's schema: before anything of it runs, and after a backup."""
    release = host.home / "releases" / version
    if not release.exists():
        raise FailedError(f"{version} is not installed here: `release.py install` first.")
    try:
        host.runner.migrate(release)
    except FailedError as error:
        raise FailedError(f"The database is not at {version}'s schema, nothing was rolled: {error}") from None


def show(host: Host) -> None:
    releases = sorted(path.name for path in (host.home / "releases").glob("[0-9]*"))
    print("installed", *releases)
    for color in COLORS:
        running = host.running(color)
        print(color, host.version(color) or "none", "running", *(running or ["nothing"]))
    if host.role == "api":
        print("asked", *host.asked())


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", type=Path, default=SETTINGS)
    commands = parser.add_subparsers(dest="command", required=True)
    installing = commands.add_parser("install")
    installing.add_argument("archive", type=Path)
    installing.add_argument("--sha256", required=True)
    installing.add_argument("--images", type=Path, help="images-VERSION.env, where containers run them")
    for name in ("roll", "start", "migrate"):
        commands.add_parser(name).add_argument("version")
    for name in ("back", "flip", "show", "prune"):
        commands.add_parser(name)
    told = parser.parse_args(arguments)
    try:
        host = Host.read(told.host)
        if told.command == "show":
            show(host)
            return 0
        host.home.mkdir(parents=True, exist_ok=True)
        with alone(host.home / ".release.lock", "Another release is under way on this host."):
            if told.command == "install":
                install(host, told.archive, told.sha256, told.images)
            elif told.command in ("roll", "start", "migrate"):
                {"roll": roll, "start": start, "migrate": migrate}[told.command](host, told.version)
            else:
                {"back": back, "flip": flip, "prune": prune}[told.command](host)
    except (FailedError, OSError) as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
