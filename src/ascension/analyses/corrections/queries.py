"""SQL of corrections: what was put right, the job that works it in, the result from before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from ascension.analyses.queries import StoredResult
from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Correction:
    id: UUID
    edits: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True)
class Derivation:
    """The job that works corrections in; `job_state` None: there never was one."""

    job_id: UUID | None
    job_state: str | None
    failure_code: str | None
    failure_detail: str | None


@dataclass(frozen=True)
class Source:
    """What a derivation begins with: the result as it was before any correction."""

    result: bytes
    summary: dict[str, Any]
    choices: dict[str, Any]


async def insert(
    connection: Connection, *, correction_id: UUID, analysis_id: UUID, user_id: UUID, edits: dict[str, Any]
) -> None:
    await connection.execute(
        """
        insert into corrections (id, analysis_id, edits)
        select %s, id, %s from analyses where id = %s and user_id = %s
        """,
        (correction_id, Jsonb(edits), analysis_id, user_id),
    )


async def list_of(connection: Connection, analysis_id: UUID, user_id: UUID) -> list[Correction]:
    """Oldest first: in this order they are worked in."""
    async with connection.cursor(row_factory=class_row(Correction)) as cursor:
        await cursor.execute(
            """
            select c.id, c.edits, c.created_at from corrections c join analyses a on a.id = c.analysis_id
            where a.id = %s and a.user_id = %s order by c.id
            """,
            (analysis_id, user_id),
        )
        return await cursor.fetchall()


async def count_of(connection: Connection, analysis_id: UUID, user_id: UUID) -> int:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select count(*) from corrections c join analyses a on a.id = c.analysis_id
            where a.id = %s and a.user_id = %s
            """,
            (analysis_id, user_id),
        )
        return (await cursor.fetchone()) or 0


async def count_placed(connection: Connection, analysis_id: UUID, user_id: UUID) -> int:
    """Contacts and holds that its corrections name."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            select coalesce(sum(coalesce(jsonb_array_length(edits -> 'contacts'), 0)
                + coalesce(jsonb_array_length(edits -> 'holds'), 0)), 0)::integer
            from corrections c join analyses a on a.id = c.analysis_id where a.id = %s and a.user_id = %s
            """,
            (analysis_id, user_id),
        )
        return (await cursor.fetchone()) or 0


async def delete(connection: Connection, analysis_id: UUID, user_id: UUID, correction_id: UUID | None) -> int:
    """One of them, or all; how many there were."""
    cursor = await connection.execute(
        """
        delete from corrections c using analyses a
        where a.id = %(analysis_id)s and a.user_id = %(user_id)s and c.analysis_id = a.id
            and (%(id)s::uuid is null or c.id = %(id)s)
        """,
        {"analysis_id": analysis_id, "user_id": user_id, "id": correction_id},
    )
    return cursor.rowcount


async def get_derivation(connection: Connection, analysis_id: UUID, user_id: UUID) -> Derivation:
    async with connection.cursor(row_factory=class_row(Derivation)) as cursor:
        await cursor.execute(
            """
            select j.id as job_id, j.state as job_state, j.failure_code, j.failure_detail
            from analyses a left join jobs j on j.id = a.derivation_job_id
            where a.id = %s and a.user_id = %s
            """,
            (analysis_id, user_id),
        )
        return await cursor.fetchone() or Derivation(None, None, None, None)


async def set_job(connection: Connection, analysis_id: UUID, user_id: UUID, job_id: UUID) -> None:
    await connection.execute(
        "update analyses set derivation_job_id = %s where id = %s and user_id = %s",
        (job_id, analysis_id, user_id),
    )


async def get_source(connection: Connection, analysis_id: UUID) -> Source | None:
    """None: the analysis is gone, or has no result."""
    async with connection.cursor(row_factory=class_row(Source)) as cursor:
        await cursor.execute(
            """
            select coalesce(original_result, result) as result,
                   coalesce(original_summary, summary) as summary, choices
            from analyses where id = %s and result is not null
            """,
            (analysis_id,),
            binary=True,
        )
        return await cursor.fetchone()


async def get_original(connection: Connection, analysis_id: UUID, user_id: UUID) -> StoredResult | None:
    """The result of this user's analysis from before its corrections; None: none is worked in."""
    async with connection.cursor(row_factory=class_row(StoredResult)) as cursor:
        await cursor.execute(
            """
            select original_result as result, sha256(original_result) as result_sha256 from analyses
            where id = %s and user_id = %s and original_result is not null and trashed_at is null
            """,
            (analysis_id, user_id),
            binary=True,
        )
        return await cursor.fetchone()


async def store_corrected(
    connection: Connection, analysis_id: UUID, *, result: bytes, sha256: bytes, summary: dict[str, Any]
) -> None:
    """The corrected result stands; what was there before the first correction is kept beside it."""
    await connection.execute(
        """
        update analyses set original_result = coalesce(original_result, result),
            original_summary = coalesce(original_summary, summary),
            result = %s, result_sha256 = %s, summary = %s
        where id = %s
        """,
        (result, sha256, Jsonb(summary), analysis_id),
    )


async def restore_original(connection: Connection, analysis_id: UUID) -> None:
    """Nothing is corrected any more."""
    await connection.execute(
        """
        update analyses set result = original_result, result_sha256 = sha256(original_result),
            summary = original_summary, original_result = null, original_summary = null
        where id = %s and original_result is not null
        """,
        (analysis_id,),
    )
