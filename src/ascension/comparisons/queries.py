"""SQL of comparisons. State and failure stand on the job's row; the result stands here."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import class_row, dict_row, scalar_row
from psycopg.types.json import Jsonb

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Compared:
    """One of the two attempts, and the analysis that it belongs to.

    `climber`: their name where a coach compared; None: one's own, as is `video_id` of nobody else's.
    """

    analysis_id: UUID
    attempt: int
    climber: str | None
    video_id: UUID | None
    file_name: str
    route: str | None
    created_at: datetime


@dataclass(frozen=True)
class Comparison:
    """stale: an analysis has another result than the one that was compared. result: None in lists."""

    id: UUID
    job_id: UUID
    job_state: str
    stage: str | None
    progress_pct: int
    failure_code: str | None
    failure_detail: str | None
    first: Compared
    second: Compared
    stale: bool
    headline: dict[str, Any] | None
    result: dict[str, Any] | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class Source:
    """What the worker compares: results as they are stored now, and where the wall pictures lie.

    `first_is_own`: whoever compares climbed it, and may know all of it.
    """

    first_analysis_id: UUID
    second_analysis_id: UUID
    first_attempt: int
    second_attempt: int
    first_is_own: bool
    second_is_own: bool
    first_result: bytes | None
    second_result: bytes | None
    first_wall_key: str | None
    second_wall_key: str | None


_COLUMNS: LiteralString = """
    c.id, c.job_id, j.state as job_state, j.stage, j.progress_pct, j.failure_code,
    j.failure_detail, c.created_at, j.finished_at, c.result -> 'headline' as headline,
    c.first_analysis_id, c.first_attempt, v.file_name as first_file_name,
    a.route as first_route, a.created_at as first_created_at,
    case when a.user_id = c.user_id then a.video_id end as first_video_id,
    case when a.user_id <> c.user_id then x.display_name end as first_climber,
    c.second_analysis_id, c.second_attempt, w.file_name as second_file_name,
    b.route as second_route, b.created_at as second_created_at,
    case when b.user_id = c.user_id then b.video_id end as second_video_id,
    case when b.user_id <> c.user_id then y.display_name end as second_climber,
    c.result is not null
        and (c.first_sha256, c.second_sha256) is distinct from (a.result_sha256, b.result_sha256) as stale
"""
_FROM: LiteralString = """
    from comparisons c join jobs j on j.id = c.job_id
    join analyses a on a.id = c.first_analysis_id join videos v on v.id = a.video_id
    join analyses b on b.id = c.second_analysis_id join videos w on w.id = b.video_id
    join users x on x.id = a.user_id join users y on y.id = b.user_id
"""


async def insert(
    connection: Connection,
    *,
    comparison_id: UUID,
    user_id: UUID,
    job_id: UUID,
    first: tuple[UUID, int],
    second: tuple[UUID, int],
) -> None:
    await connection.execute(
        """
        insert into comparisons (
            id, user_id, job_id, first_analysis_id, first_attempt, second_analysis_id, second_attempt)
        values (%s, %s, %s, %s, %s, %s, %s)
        """,
        (comparison_id, user_id, job_id, *first, *second),
    )


async def find(
    connection: Connection, user_id: UUID, *, first: tuple[UUID, int], second: tuple[UUID, int]
) -> UUID | None:
    """The id of this user's comparison of these two."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select id from comparisons
            where user_id = %s and first_analysis_id = %s and first_attempt = %s
              and second_analysis_id = %s and second_attempt = %s
            """,
            (user_id, *first, *second),
        )
        return await cursor.fetchone()


async def get(connection: Connection, comparison_id: UUID, user_id: UUID) -> Comparison | None:
    """The comparison with its result, if this user made it: whether they may still see both is not asked."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            f"select {_COLUMNS}, c.result {_FROM} where c.id = %s and c.user_id = %s",
            (comparison_id, user_id),
        )
        row = await cursor.fetchone()
        return None if row is None else _comparison(row)


async def list_of(
    connection: Connection, user_id: UUID, *, analysis_id: UUID | None, limit: int
) -> list[Comparison]:
    """Newest first, without results; those with one analysis, or all. As `get`."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            f"""
            select {_COLUMNS}, null as result {_FROM}
            where c.user_id = %(user_id)s and (
                %(analysis_id)s::uuid is null
                or %(analysis_id)s::uuid in (c.first_analysis_id, c.second_analysis_id))
            order by c.id desc limit %(limit)s
            """,
            {"user_id": user_id, "analysis_id": analysis_id, "limit": limit},
        )
        return [_comparison(row) for row in await cursor.fetchall()]


async def count_of(connection: Connection, user_id: UUID) -> int:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select count(*) from comparisons where user_id = %s", (user_id,))
        return (await cursor.fetchone()) or 0


async def delete_with_job(connection: Connection, comparison_id: UUID, user_id: UUID) -> bool:
    """The job goes, and the comparison with it. False: there is none of this user's."""
    cursor = await connection.execute(
        "delete from jobs using comparisons c where c.id = %s and c.user_id = %s and jobs.id = c.job_id",
        (comparison_id, user_id),
    )
    return cursor.rowcount == 1


async def get_source(connection: Connection, comparison_id: UUID) -> Source | None:
    """What its worker needs; None: it is gone."""
    async with connection.cursor(row_factory=class_row(Source)) as cursor:
        await cursor.execute(
            """
            select c.first_analysis_id, c.second_analysis_id, c.first_attempt, c.second_attempt,
                   a.user_id = c.user_id as first_is_own, b.user_id = c.user_id as second_is_own,
                   a.result as first_result, b.result as second_result,
                   a.wall_object_key as first_wall_key, b.wall_object_key as second_wall_key
            from comparisons c join analyses a on a.id = c.first_analysis_id
            join analyses b on b.id = c.second_analysis_id where c.id = %s
            """,
            (comparison_id,),
            binary=True,
        )
        return await cursor.fetchone()


async def store_result(
    connection: Connection,
    comparison_id: UUID,
    *,
    result: dict[str, Any],
    first_sha256: bytes,
    second_sha256: bytes,
) -> None:
    """The result, and of which results of the analyses it was made."""
    await connection.execute(
        "update comparisons set result = %s, first_sha256 = %s, second_sha256 = %s where id = %s",
        (Jsonb(result), first_sha256, second_sha256, comparison_id),
    )


def _comparison(row: dict[str, Any]) -> Comparison:
    first, second = _compared(row, "first"), _compared(row, "second")
    return Comparison(first=first, second=second, **row)


def _compared(row: dict[str, Any], side: str) -> Compared:
    """One side out of the columns that begin with its name, which leave the row."""
    return Compared(**{one.name: row.pop(f"{side}_{one.name}") for one in fields(Compared)})
