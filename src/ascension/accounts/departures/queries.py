"""SQL of accounts that are to go."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg.rows import class_row

from ascension.accounts.choices import Language
from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Departure:
    user_id: UUID
    asked_at: datetime
    erase_at: datetime
    language: Language
    """Of the letters about it."""


AskedBy = Literal["owner", "guardian"]


async def get(connection: Connection, user_id: UUID) -> Departure | None:
    """None: the account stays."""
    async with connection.cursor(row_factory=class_row(Departure)) as cursor:
        await cursor.execute(
            "select user_id, asked_at, erase_at, language from departures where user_id = %s", (user_id,)
        )
        return await cursor.fetchone()


async def insert(
    connection: Connection, user_id: UUID, *, grace_s: int, language: Language, asked_by: AskedBy
) -> Departure | None:
    """None: it is on its way already, whoever asked first. A guardian's silence counts as theirs."""
    async with connection.cursor(row_factory=class_row(Departure)) as cursor:
        await cursor.execute(
            """
            insert into departures (user_id, erase_at, language, asked_by)
            values (%s, now() + make_interval(secs => %s), %s, %s) on conflict (user_id) do nothing
            returning user_id, asked_at, erase_at, language
            """,
            (user_id, grace_s, language, asked_by),
        )
        return await cursor.fetchone()


async def delete(connection: Connection, user_id: UUID, *, asked_by: AskedBy | None = None) -> bool:
    """The account stays. False: it was not about to go, or not because they asked, or its day has come."""
    cursor = await connection.execute(
        """
        delete from departures
        where user_id = %(user_id)s and erase_at > now()
            and (%(asked_by)s::text is null or asked_by = %(asked_by)s)
        """,
        {"user_id": user_id, "asked_by": asked_by},
    )
    return cursor.rowcount == 1
