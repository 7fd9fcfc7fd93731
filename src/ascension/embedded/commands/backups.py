"""The commands that keep and move a platform: backup, verify-backup, restore.

What only one of them needs is imported in it, as in `commands`.
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from ascension.embedded.layout import Home, Ports
from ascension.embedded.record import Run, is_held, passing_holder
from ascension.errors.setup import SetupError
from ascension.infra.console import plural

if TYPE_CHECKING:
    from ascension.embedded.backups.archive import Contents
    from ascension.embedded.backups.backup import Source

SUFFIX = ".backup"
BackupFile = Annotated[
    Path, typer.Argument(help="A file that `ascension backup` wrote.", dir_okay=False, exists=True)
]


class Bar:
    """A bar on the terminal for each step."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def begin(self, what: str, total_bytes: int) -> Callable[[int], object]:
        task = self._progress.add_task(what, total=total_bytes)
        return lambda done_bytes: self._progress.advance(task, done_bytes)


@contextmanager
def _bar() -> Generator[Bar]:
    """Silent where standard error is no terminal."""
    columns = (TextColumn("  {task.description:<16}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield Bar(progress)


def backup(
    target: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, or a directory for one with the date.")
    ],
    without_videos: Annotated[
        bool, typer.Option("--without-videos", help="Only accounts, results and settings: no stored object.")
    ] = False,
    keep: Annotated[
        int | None,
        typer.Option(
            min=1, help="In a directory: remove older backups but this many, after this one is good."
        ),
    ] = None,
) -> None:
    """Write the whole platform into one file: accounts, results, videos, secrets. It may run meanwhile.

    The file is read back before it gets its name. Whoever can read it can read everything: keep it closed.
    """
    from ascension.embedded.backups.backup import back_up

    if target.is_dir():
        file = target / f"ascension-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    elif keep is not None:
        raise SetupError("--keep needs a directory that holds the backups.")
    else:
        file = target

    async def run(bar: Bar) -> "Contents":
        async with _open(Home.find(os.environ)) as source:
            wanted = replace(source, seaweedfs=None) if without_videos else source
            return await back_up(file.absolute(), wanted, bar)

    with _bar() as bar:
        contents = asyncio.run(run(bar))
    typer.echo(f"{file}: {describe(contents)}.")
    for key in contents.manifest.gone:
        typer.echo(f"  deleted while it was written, so not in it: {key}")
    typer.echo("It holds members' videos and secrets: only you may read it (0600); keep copies closed, too.")
    for old in sorted(target.glob(f"ascension-*{SUFFIX}"))[:-keep] if keep else ():
        old.unlink()
        typer.echo(f"Removed {old}.")


@asynccontextmanager
async def _open(home: Home) -> "AsyncGenerator[Source]":
    """The engines of the platform that runs in `home`, or, where none does, started for this alone.

    Raises SetupError where there is no platform, or one that is just starting or stopping.
    """
    from ascension.embedded.backups.backup import Source
    from ascension.embedded.engines.postgres import Postgres
    from ascension.embedded.engines.programs import pg_binaries
    from ascension.embedded.engines.seaweedfs import SeaweedFS
    from ascension.embedded.stack import Stack

    if not (home.path / "secrets.json").exists():
        raise SetupError(f"There is no platform at {home.path}: nothing was written.")
    if not is_held(home):
        stack = Stack(home)
        stack.record.doing = f"A backup of {home.path} is being written"
        await stack.start(migrating=False)
        try:
            yield Source(home, stack.postgres, stack.seaweedfs)
        finally:
            await stack.stop()
        return
    run = Run.read(home.run_file)
    if run is None or not {"postgres", "s3"} <= run.ports.keys():
        doing = passing_holder(home) or "The platform is busy starting or stopping"
        raise SetupError(f"{doing}: try again when that has ended.")
    secrets, ports = home.secrets(), Ports(run.ports["postgres"])
    yield Source(
        home,
        Postgres(home, pg_binaries(), ports.postgres, secrets),
        SeaweedFS(home, Path(), ports, secrets, ()),
    )


def describe(contents: "Contents") -> str:
    """What a backup holds, on one line."""
    header = contents.header
    accounts, analyses = header.rows.get("users", 0), header.rows.get("analyses", 0)
    count = len(contents.objects)
    objects = f"{count} {plural(count, 'object')}" if header.has_objects else "no objects (--without-videos)"
    return (
        f"{accounts} {plural(accounts, 'account')}, {analyses} {plural(analyses, 'analysis', 'analyses')}, "
        f"{objects}, {contents.size_bytes / 1e6:.1f} MB, of {header.made_at} by release {header.release}"
    )


def verify_backup(
    file: BackupFile,
    list_objects: Annotated[bool, typer.Option("--list", help="Name every object in it.")] = False,
) -> None:
    """Read a backup to its last byte, compare it with its manifest and say what is in it."""
    from ascension.embedded.restore import check

    with _bar() as bar, file.open("rb") as source:
        contents = check(source, bar)
    typer.echo(f"{file} is whole: {describe(contents)}.")
    for table, count in contents.header.rows.items():
        typer.echo(f"  {table:<20}{count:>12} rows")
    for key, member in contents.objects.items() if list_objects else ():
        typer.echo(f"  {key}  {member.size_bytes} bytes")


def upgrade() -> None:
    """Bring the platform here to this release: back up, migrate, see that it answers, stop again.

    `make up` does the same when it starts a new release on an older state. Where a step fails, the state is
    that of before. The three newest of these backups are kept in the state directory.
    """
    from ascension.embedded.commands.platform import supervisor_of

    home = Home.find(os.environ)
    if not (home.path / "secrets.json").exists():
        raise SetupError(f"There is no platform at {home.path}: `make up` makes one.")
    asyncio.run(supervisor_of(home).run(only_once=True))


def restore(
    file: BackupFile,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of the platform that is there; it is put aside.")
    ] = False,
) -> None:
    """Make the platform of a backup here. It is verified first; until the end nothing is changed.

    The platform must be stopped. An older release's backup is brought to this release.
    """
    from ascension.embedded.restore import restore as build

    home, began = Home.find(os.environ), time.monotonic()
    with _bar() as bar:
        done = asyncio.run(build(file, home, bar, replace=replace))
    took_min = (time.monotonic() - began) / 60
    typer.echo(f"Restored in {home.path} in {took_min:.1f} min: {describe(done.contents)}.")
    if not done.contents.header.has_objects:
        typer.echo("The backup holds no videos: those that were here before stay; others are missing.")
    if done.erased_again:
        typer.echo(
            f"Accounts that were erased after the backup was written are erased again: {done.erased_again}. "
            "Their videos go when the platform runs."
        )
    if done.erased_unknown_because:
        typer.echo(
            "Whose account was erased since the backup cannot be told, so erase those again: "
            f"{done.erased_unknown_because}"
        )
    if done.aside is not None:
        typer.echo(f"What was there before lies in {done.aside}; remove that directory when all is well.")
    typer.echo("Start it with `make up`.")
