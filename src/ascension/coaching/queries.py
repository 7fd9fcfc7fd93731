"""SQL of coaching: what finished analyses say of their attempts, and what a language model wrote for them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from ascension.accounts.choices import Language
from ascension.coaching.model_wording import Wording
from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Climbed:
    """One analysis with what its summary says of each attempt."""

    day: date
    route_id: UUID | None
    route: str | None
    attempts: list[dict[str, Any]]


async def list_climbed(
    connection: Connection, user_id: UUID, *, from_day: date | None, until_day: date | None, limit: int
) -> list[Climbed]:
    """The latest so many, oldest first; days are UTC and both belong to it."""
    async with connection.cursor(row_factory=class_row(Climbed)) as cursor:
        await cursor.execute(
            """
            select day, route_id, route, attempts from (
                select id, (created_at at time zone 'UTC')::date as day, route_id, route,
                       summary -> 'attempts' as attempts
                from analyses
                where user_id = %(user_id)s and summary ? 'attempts' and trashed_at is null
            ) as climbed
            where (%(from_day)s::date is null or day >= %(from_day)s)
              and (%(until_day)s::date is null or day <= %(until_day)s)
            order by id desc limit %(limit)s
            """,
            {"user_id": user_id, "from_day": from_day, "until_day": until_day, "limit": limit},
        )
        return (await cursor.fetchall())[::-1]


async def get_result(connection: Connection, analysis_id: UUID) -> bytes | None:
    """The result bytes, whoever's it is: for the worker. None: gone, or without a result."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select result from analyses where id = %s", (analysis_id,), binary=True)
        return await cursor.fetchone()


async def get_wording(connection: Connection, analysis_id: UUID, language: Language) -> Wording | None:
    """Of one analysis, which is known to be the asker's. None: the rules' words."""
    async with connection.cursor(row_factory=class_row(Wording)) as cursor:
        await cursor.execute(
            "select model, worded_at, sentences from wordings where analysis_id = %s and language = %s",
            (analysis_id, language),
        )
        return await cursor.fetchone()


async def store_wording(
    connection: Connection, analysis_id: UUID, language: Language, *, model: str, sentences: dict[str, str]
) -> None:
    """In place of what was written before; nothing where the analysis is gone."""
    await connection.execute(
        """
        insert into wordings (analysis_id, language, model, sentences)
        select id, %(language)s, %(model)s, %(sentences)s from analyses where id = %(analysis_id)s
        on conflict (analysis_id, language) do update set
            model = excluded.model, worded_at = now(), sentences = excluded.sentences
        """,
        {"analysis_id": analysis_id, "language": language, "model": model, "sentences": Jsonb(sentences)},
    )
