"""What an operator asks of the audit log."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from ascension.audit import queries
from ascension.audit.chain import BEGINNING, Entry, Head
from ascension.audit.entries import Party
from ascension.audit.queries import Which
from ascension.audit.verification import Verdict, verify
from ascension.errors.http import Malformed
from ascension.infra.database.primary import Connection, Database
from ascension.operations.audit.schemas import AuditFilter

IN_A_FILE: Final = 10_000
"""Entries: with their texts about 3 MB."""
VERIFIED_FOR_S: Final = 2.0
"""By one request; the page shows how far it is and asks again."""
_NAME: Final = re.compile(r"[a-z]+(:[0-9a-f]{32})?")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


async def list_page(
    connection: Connection, wanted: AuditFilter, *, cursor: str | None, limit: int
) -> tuple[list[Entry], str | None]:
    """Newest first, and the cursor of the next page. Raises Malformed."""
    which = await _which(connection, wanted, before=int(cursor) if cursor else None)
    found = await queries.list_newest(connection, which, limit=limit + 1)
    page = found[:limit]
    return page, str(page[-1].position) if len(found) > limit else None


async def as_csv(connection: Connection, wanted: AuditFilter) -> str:
    """The newest of these as a table. Raises Malformed."""
    which = await _which(connection, wanted, before=None)
    return table_of(await queries.list_newest(connection, which, limit=IN_A_FILE))


def table_of(entries: Iterable[Entry]) -> str:
    """No cell is a formula to the program that opens it."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(("position", "at", "actor", "action", "subject", "details", "hash"))
    for one in entries:
        cells = (one.actor, one.action, one.subject, one.details)
        writer.writerow((one.position, one.at.isoformat(), *map(_plain, cells), one.hash.hex()))
    return table.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


async def check(database: Database, behind: str | None) -> tuple[Verdict, int]:
    """A part of the chain, computed anew, and the position of its newest entry."""
    begin = Head.parse(behind) if behind and not behind.startswith("0:") else BEGINNING
    verdict = await verify(database, behind=begin, within_s=VERIFIED_FOR_S)
    async with database.reading() as connection:
        last = await queries.head(connection)
    return verdict, last.position if last else 0


async def _which(connection: Connection, wanted: AuditFilter, *, before: int | None) -> Which:
    return Which(
        action=wanted.action,
        actor=await _name_of(connection, wanted.actor),
        subject=await _name_of(connection, wanted.subject),
        since=datetime.now(UTC) - timedelta(days=wanted.days) if wanted.days else None,
        before=before,
    )


async def _name_of(connection: Connection, text: str | None) -> str | None:
    """What the log calls it. Raises Malformed: there is no such kind."""
    if text is None or _NAME.fullmatch(text):
        return text
    party = Party.parse(text)
    if party is None:
        raise Malformed("actor, subject: tell a kind and an id, as in account:ID.")
    return await queries.name_of(connection, party)
