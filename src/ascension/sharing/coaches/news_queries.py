"""SQL of what is new to a coach: climbs and comments since the last look, and what waits for a word."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString
from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class News:
    """Of one climber, since the coach last looked at climbs of theirs, or was let in."""

    id: UUID
    new_climbs: int
    new_comments: int


@dataclass(frozen=True)
class OpenComment:
    """What somebody else said and this coach has not answered: nothing of theirs on that climb is later."""

    id: UUID
    coached_id: UUID
    climber: str
    analysis_id: UUID
    file_name: str
    route: str | None
    at_s: float
    text: str
    by: Literal["climber", "coach"]
    name: str
    created_at: datetime
    is_new: bool


_SEEN: LiteralString = """
    a.result is not null and a.trashed_at is null and (g.with_past or a.created_at >= g.created_at)
"""
_SAID: LiteralString = """
    c.user_id <> g.coach_id and c.deleted_at is null
    and not exists (select from departures d where d.user_id = c.user_id)
"""
_LOOKED: LiteralString = "coalesce(g.seen_at, g.accepted_at)"


async def news_of(connection: Connection, coach_id: UUID) -> list[News]:
    """One for each whom this account coaches."""
    async with connection.cursor(row_factory=class_row(News)) as cursor:
        await cursor.execute(
            f"""
            select g.id,
                (select count(*) from analyses a
                    where a.user_id = g.user_id and {_SEEN} and a.completed_at > {_LOOKED}) as new_climbs,
                (select count(*) from analyses a join comments c on c.analysis_id = a.id
                    where a.user_id = g.user_id and {_SEEN} and {_SAID}
                        and c.created_at > {_LOOKED}) as new_comments
            from coach_grants g
            where g.coach_id = %s and not exists (select from departures d where d.user_id = g.user_id)
            """,
            (coach_id,),
        )
        return await cursor.fetchall()


async def list_open(
    connection: Connection, coach_id: UUID, *, before_id: UUID | None, limit: int
) -> list[OpenComment]:
    """Of all climbs that this account sees as a coach, the latest said first."""
    async with connection.cursor(row_factory=class_row(OpenComment)) as cursor:
        await cursor.execute(
            f"""
            select c.id, g.id as coached_id, u.display_name as climber, a.id as analysis_id, v.file_name,
                a.route, c.at_s, c.text,
                case when c.user_id = g.user_id then 'climber' else 'coach' end as by, w.display_name as name,
                c.created_at, c.created_at > {_LOOKED} as is_new
            from coach_grants g join users u on u.id = g.user_id
            join analyses a on a.user_id = g.user_id join videos v on v.id = a.video_id
            join comments c on c.analysis_id = a.id join users w on w.id = c.user_id
            where g.coach_id = %(coach_id)s and {_SEEN} and {_SAID}
                and not exists (select from departures d where d.user_id = g.user_id)
                and not exists (
                    select from comments answer
                    where answer.analysis_id = a.id and answer.user_id = g.coach_id
                        and answer.deleted_at is null and answer.created_at > c.created_at)
                and (%(before_id)s::uuid is null or c.id < %(before_id)s)
            order by c.id desc limit %(limit)s
            """,
            {"coach_id": coach_id, "before_id": before_id, "limit": limit},
        )
        return await cursor.fetchall()
