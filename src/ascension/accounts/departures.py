"""Accounts to be erased on a day, that can be kept until then. Meanwhile nobody gets in or sees anything.

What makes one and what follows is in `retention/`: it is more than accounts.
"""

from dataclasses import dataclass
from datetime import datetime
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


async def get(connection: Connection, user_id: UUID) -> Departure | None:
    """None: the account stays."""
    async with connection.cursor(row_factory=class_row(Departure)) as cursor:
        await cursor.execute(
            "select user_id, asked_at, erase_at, language from departures where user_id = %s", (user_id,)
        )
        return await cursor.fetchone()


async def insert(
    connection: Connection, user_id: UUID, *, grace_s: int, language: Language
) -> Departure | None:
    """None: it is on its way already."""
    async with connection.cursor(row_factory=class_row(Departure)) as cursor:
        await cursor.execute(
            """
            insert into departures (user_id, erase_at, language)
            values (%s, now() + make_interval(secs => %s), %s) on conflict (user_id) do nothing
            returning user_id, asked_at, erase_at, language
            """,
            (user_id, grace_s, language),
        )
        return await cursor.fetchone()


async def delete(connection: Connection, user_id: UUID) -> bool:
    """The account stays. False: it was not about to go."""
    cursor = await connection.execute("delete from departures where user_id = %s", (user_id,))
    return cursor.rowcount == 1
