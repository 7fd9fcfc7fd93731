"""SQL of progress: what finished analyses say of their attempts."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.db import Connection


@dataclass(frozen=True)
class Climbed:
    """One analysis with what its summary says of each attempt."""

    day: date
    route: str | None
    attempts: list[dict[str, Any]]


async def list_climbed(
    connection: Connection, user_id: UUID, *, from_day: date | None, until_day: date | None, limit: int
) -> list[Climbed]:
    """The latest so many, oldest first; days are UTC and both belong to it."""
    async with connection.cursor(row_factory=class_row(Climbed)) as cursor:
        await cursor.execute(
            """
            select day, route, attempts from (
                select id, (created_at at time zone 'UTC')::date as day, route,
                       summary -> 'attempts' as attempts
                from analyses where user_id = %(user_id)s and summary ? 'attempts'
            ) as climbed
            where (%(from_day)s::date is null or day >= %(from_day)s)
              and (%(until_day)s::date is null or day <= %(until_day)s)
            order by id desc limit %(limit)s
            """,
            {"user_id": user_id, "from_day": from_day, "until_day": until_day, "limit": limit},
        )
        return (await cursor.fetchall())[::-1]
