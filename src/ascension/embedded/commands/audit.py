"""`ascension audit`: who did what, and whether the log of it is still as it was written.

On DATABASE_URL where it is set, else on the platform that runs here. What they work with is imported in them,
as in `commands`.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar, get_args

import typer
from rich.console import Console
from rich.table import Table

from ascension.embedded.commands.platform import plain_errors
from ascension.errors.base import ApiError
from ascension.errors.setup import SetupError
from ascension.infra.console import EXIT_UNEXPECTED, JsonOption, plural, tell

if TYPE_CHECKING:
    from ascension.audit.chain import Entry, Head
    from ascension.audit.entries import Party
    from ascension.audit.segments import Segment
    from ascension.infra.database.primary import Database

app = typer.Typer(name="audit", help="Who did what, and is the log of it whole.", no_args_is_help=True)
T = TypeVar("T")
PAGE: Final = 1_000
PartyOption = Annotated[
    str | None,
    typer.Option(metavar="KIND:ID", help="account:ID, address:E-MAIL, video:ID, command..."),
]
SinceOption = Annotated[datetime | None, typer.Option(help="Only of this day (UTC) or later.")]


@app.command("list")
def list_entries(
    action: Annotated[str | None, typer.Option(help="Only what begins so: login, video.deleted.")] = None,
    by: PartyOption = None,
    about: PartyOption = None,
    since: SinceOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=10_000, help="How many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List entries, newest first."""
    with plain_errors():
        found = asyncio.run(_ask(lambda database: _find(database, action, by, about, since, limit)))
        if as_json:
            tell({"entries": [_shown(entry) for entry in found]})
            return
        table = Table("no.", "at (UTC)", "who", "did", "to", "details", box=None)
        for one in found:
            subject = "" if one.subject == one.actor else one.subject
            table.add_row(
                str(one.position), f"{one.at:%Y-%m-%d %H:%M:%S}", one.actor, one.action, subject, one.details
            )
        Console(width=None if sys.stdout.isatty() else 200).print(table)


@app.command()
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option(
            metavar="POSITION:DIGEST", help="Noted before: it must still be there. May be repeated."
        ),
    ] = None,
    exported: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="What `prune` took out; all files of it. May be repeated."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compute every digest anew. Exit code 1 names the first entry that is not as it was written.

    Entries cut off at the end are found with a head that was noted before: the API puts one into its log
    every day (`audit_head`).
    """
    with plain_errors():
        from ascension.audit.chain import Head
        from ascension.audit.verification import verify as verify_chain

        noted = [Head.parse(text) for text in head or ()]
        segments = [_read_exported(file, noted) for file in exported or ()]
        verdict = asyncio.run(_ask(lambda database: verify_chain(database, noted, segments)))
        whole = verdict.fault is None
        if as_json:
            tell({"whole": whole, "head": str(verdict.head), "fault": verdict.fault})
        elif whole:
            count = verdict.head.position - verdict.after.position
            typer.echo(f"{count} {plural(count, 'entry', 'entries')}, each follows from the one before.")
            if verdict.after.position:
                also = "is in the files that were named" if segments else "was taken out, and not looked at"
                typer.echo(f"What came up to entry {verdict.after.position} {also}.")
            typer.echo(f"Head: {verdict.head}")
        else:
            typer.secho(f"The audit log was changed: {verdict.fault}.", fg="red", err=True)
        if not whole:
            raise typer.Exit(EXIT_UNEXPECTED)


@app.command()
def export(since: SinceOption = None) -> None:
    """Print entries, oldest first, one JSON object a line; the last line is the head."""
    with plain_errors():
        asyncio.run(_ask(lambda database: _print(database, since)))


async def _print(database: "Database", since: datetime | None) -> None:
    from ascension.audit import queries

    async with database.reading() as connection:
        position = await queries.first_since(connection, _utc(since)) if since else 1
        head = await queries.head(connection)
    async for line in _lines(database, position, head.position if head else 0):
        tell(line)


async def _lines(
    database: "Database", position: int, last_position: int
) -> "AsyncGenerator[dict[str, object]]":
    """The entries between the two, and then the head that they lead to."""
    from ascension.audit import queries
    from ascension.audit.segments import line_of

    head = None
    while position <= last_position:
        async with database.reading() as connection:
            page = await queries.list_from(connection, position, limit=PAGE)
        for entry in page:
            if entry.position > last_position:
                break
            yield line_of(entry)
            head = f"{entry.position}:{entry.hash.hex()}"
            position = entry.position + 1
        if len(page) < PAGE:
            break
    yield {"head": head}


@app.command()
def prune(
    before: Annotated[datetime, typer.Option(help="Entries of before this day (UTC) go.")],
    export_to: Annotated[
        Path, typer.Option("--export", metavar="FILE", help="Where they go: a new file, kept elsewhere.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; change nothing.")] = False,
) -> None:
    """Take the beginning of the log out, once it lies in a file that was read back and is whole.

    What stays is still one chain, and says where it was cut. Only the owner of the tables may: DATABASE_URL
    has to be the owner's, where it is set.
    """
    with plain_errors():
        if export_to.exists():
            raise SetupError(f"{export_to} is there already: name a new file.")
        asyncio.run(_ask(lambda database: _prune(database, _utc(before), export_to, dry_run), as_owner=True))


async def _prune(database: "Database", before: datetime, file: Path, dry_run: bool) -> None:
    from ascension.audit import pruning
    from ascension.audit.verification import verify as verify_chain

    verdict = await verify_chain(database)
    if verdict.fault:
        raise SetupError(f"Nothing was taken out, because the log was changed: {verdict.fault}.")
    if not dry_run and (left := await pruning.finish(database, verdict.after)):
        typer.echo(f"Taken out: {left} {plural(left, 'entry', 'entries')} of a cut that was interrupted.")
    head = await pruning.last_before(database, before)
    if head is None or head.position <= verdict.after.position:
        typer.echo("No entry is older, but for the newest, which stays.")
        return
    count = head.position - verdict.after.position
    if dry_run:
        typer.echo(f"{count} {plural(count, 'entry', 'entries')} would go, up to {head}.")
        return
    await _export_to(database, file, verdict.after, head)
    removed = await pruning.cut(database, head)
    typer.echo(
        f"Taken out: {removed} {plural(removed, 'entry', 'entries')}. They lie in {file}, up to {head}."
    )


async def _export_to(database: "Database", file: Path, after: "Head", head: "Head") -> None:
    """Raises SetupError: what was written is not what can be read back."""
    from ascension.audit.segments import Segment
    from ascension.infra.files import whole_or_nothing

    with whole_or_nothing(file) as part:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            async for line in _lines(database, after.position + 1, head.position):
                opened.write(json.dumps(line) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        if _read_exported(part, ()) != Segment(after, head):
            raise SetupError(f"{file} cannot be read back as it was written: nothing was taken out.")


def _read_exported(file: Path, noted: "Sequence[Head]") -> "Segment":
    from ascension.audit import segments

    with file.open(encoding="utf-8") as lines:
        return segments.read(lines, noted)


async def _find(
    database: "Database",
    action: str | None,
    by: str | None,
    about: str | None,
    since: datetime | None,
    limit: int,
) -> "list[Entry]":
    from ascension.audit import queries

    async with database.reading() as connection:
        which = queries.Which(
            action=action,
            actor=by and await queries.name_of(connection, _party(by)),
            subject=about and await queries.name_of(connection, _party(about)),
            since=since and _utc(since),
        )
        return await queries.list_newest(connection, which, limit=limit)


def _party(text: str) -> "Party":
    from ascension.audit.entries import Kind, Party

    party = Party.parse(text)
    if party is None:
        raise SetupError(
            f"{text[:100]!r} is nobody's name: KIND:ID, with one of {', '.join(get_args(Kind))}."
        )
    return party


def _utc(day: datetime) -> datetime:
    return day.replace(tzinfo=UTC)


def _shown(entry: "Entry") -> dict[str, object]:
    return {
        "position": entry.position,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": json.loads(entry.details),
    }


async def _ask(question: "Callable[[Database], Awaitable[T]]", *, as_owner: bool = False) -> T:
    """Raises SetupError: there is no platform, or it refuses."""
    import psycopg

    from ascension.embedded.connections import api_database_url, own_database_url
    from ascension.embedded.layout import Home
    from ascension.infra.database.primary import Database
    from ascension.infra.database.roles import MIGRATE

    is_own = as_owner and "DATABASE_URL" not in os.environ
    url = own_database_url(Home.find(os.environ), MIGRATE) if is_own else api_database_url(os.environ)
    async with Database(url, pool_size=1, application="ascension-audit") as database:
        try:
            return await question(database)
        except ApiError as error:
            raise SetupError(error.detail) from None
        except psycopg.errors.InsufficientPrivilege:
            raise SetupError("This role may not: it takes the owner of the tables.") from None
