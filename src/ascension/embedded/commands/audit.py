"""`ascension audit`: who did what, and whether the log of it is still as it was written.

On DATABASE_URL where it is set, else on the platform that runs here. What they work with is imported in them,
as in `commands`.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final, TypeVar, get_args

import typer
from rich.console import Console
from rich.table import Table

from ascension.embedded.commands.platform import plain_errors
from ascension.errors.base import ApiError
from ascension.errors.setup import SetupError
from ascension.infra.console import EXIT_UNEXPECTED, JsonOption, plural, tell

if TYPE_CHECKING:
    from ascension.audit.chain import Entry
    from ascension.audit.entries import Party
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
        verdict = asyncio.run(_ask(lambda database: verify_chain(database, noted)))
        whole = verdict.fault is None
        if as_json:
            tell({"whole": whole, "head": str(verdict.head), "fault": verdict.fault})
        elif whole:
            count = verdict.head.position
            typer.echo(f"{count} {plural(count, 'entry', 'entries')}, each follows from the one before.")
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
    from ascension.audit.chain import Head

    async with database.reading() as connection:
        position = await queries.first_since(connection, _utc(since)) if since else 1
        head = await queries.head(connection)
    while head is not None and position <= head.position:
        async with database.reading() as connection:
            page = await queries.list_from(connection, position, limit=PAGE)
        for entry in page:
            tell({**_shown(entry), "prev_hash": entry.prev_hash.hex(), "hash": entry.hash.hex()})
            head = Head(entry.position, entry.hash)
        position = head.position + 1
        if len(page) < PAGE:
            break
    tell({"head": str(head) if head else None})


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

    kind, _, party_id = text.partition(":")
    for known in get_args(Kind):
        if kind == known:
            return Party(known, party_id.strip().lower())
    raise SetupError(f"{text[:100]!r} is nobody's name: KIND:ID, with one of {', '.join(get_args(Kind))}.")


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


async def _ask(question: "Callable[[Database], Awaitable[T]]") -> T:
    """Raises SetupError: there is no platform, or it refuses."""
    from ascension.embedded.connections import api_database_url
    from ascension.infra.database.primary import Database

    url = api_database_url(os.environ)
    async with Database(url, pool_size=1, application="ascension-audit") as database:
        try:
            return await question(database)
        except ApiError as error:
            raise SetupError(error.detail) from None
