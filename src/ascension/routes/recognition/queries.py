"""SQL of recognition: what was found for a climb, and what a worker compares it with."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Recognition:
    """What is suggested for a climb; like_analysis_id: None where nothing is, or it is gone by now."""

    job_id: UUID
    job_state: str
    answer: str | None
    like_analysis_id: UUID | None
    climbed_at: datetime | None
    route_id: UUID | None
    route: str | None
    grade: str | None
    scale: str | None
    is_same_route: bool | None
    confidence: float | None


@dataclass(frozen=True)
class Pictured:
    """A climb that has a picture of its wall."""

    analysis_id: UUID
    result: bytes
    wall_key: str


_CANDIDATES: LiteralString = """
    select distinct on (c.route_id) c.id, c.created_at
    from analyses c join routes r on r.id = c.route_id
    where c.user_id = a.user_id and c.id <> a.id and c.trashed_at is null
        and c.wall_object_key is not null and c.result is not null
        and coalesce(r.taken_down_on >= a.created_at::date, true)
    order by c.route_id, c.created_at desc
"""
"""Of analysis `a`: the newest climb of each route that may still have stood."""


async def get(connection: Connection, analysis_id: UUID, user_id: UUID) -> Recognition | None:
    async with connection.cursor(row_factory=class_row(Recognition)) as cursor:
        await cursor.execute(
            """
            select n.job_id, j.state as job_state, n.answer, n.is_same_route, n.confidence,
                   e.id as like_analysis_id, e.created_at as climbed_at,
                   r.id as route_id, r.name as route, r.grade, r.scale
            from recognitions n join jobs j on j.id = n.job_id
            left join analyses e
                on e.id = n.like_analysis_id and e.user_id = n.user_id and e.trashed_at is null
            left join routes r on r.id = e.route_id and r.user_id = n.user_id
            where n.analysis_id = %s and n.user_id = %s
            """,
            (analysis_id, user_id),
        )
        return await cursor.fetchone()


async def has_candidates(connection: Connection, analysis_id: UUID, user_id: UUID) -> bool:
    """Is there a picture of this user's climb, and of another one on a route?"""
    cursor = await connection.execute(
        f"""
        select from analyses a where a.id = %s and a.user_id = %s and a.wall_object_key is not null
            and a.result is not null and exists ({_CANDIDATES})
        """,
        (analysis_id, user_id),
    )
    return cursor.rowcount == 1


async def insert(
    connection: Connection, recognition_id: UUID, *, analysis_id: UUID, user_id: UUID, job_id: UUID
) -> None:
    await connection.execute(
        "insert into recognitions (id, analysis_id, user_id, job_id) values (%s, %s, %s, %s)",
        (recognition_id, analysis_id, user_id, job_id),
    )


async def set_answer(connection: Connection, analysis_id: UUID, user_id: UUID, answer: str) -> None:
    await connection.execute(
        "update recognitions set answer = %s where analysis_id = %s and user_id = %s",
        (answer, analysis_id, user_id),
    )


async def list_source(connection: Connection, recognition_id: UUID, *, limit: int) -> list[Pictured]:
    """The climb itself, then the newest of each of the routes last used; empty: it is gone."""
    async with connection.cursor(row_factory=class_row(Pictured)) as cursor:
        await cursor.execute(
            f"""
            with a as (
                select s.id, s.user_id, s.created_at
                from recognitions n join analyses s on s.id = n.analysis_id
                where n.id = %(id)s and s.wall_object_key is not null and s.result is not null
            ), chosen as (
                select id, 0 as place from a
                union all
                select n.id, row_number() over (order by n.created_at desc)
                from a, lateral ({_CANDIDATES}) n
            )
            select c.id as analysis_id, c.result, c.wall_object_key as wall_key
            from chosen join analyses c on c.id = chosen.id
            where place <= %(limit)s order by place
            """,
            {"id": recognition_id, "limit": limit},
            binary=True,
        )
        return await cursor.fetchall()


async def store(
    connection: Connection,
    recognition_id: UUID,
    *,
    like_analysis_id: UUID | None,
    is_same_route: bool | None,
    confidence: float | None,
) -> None:
    await connection.execute(
        "update recognitions set like_analysis_id = %s, is_same_route = %s, confidence = %s where id = %s",
        (like_analysis_id, is_same_route, confidence, recognition_id),
    )
