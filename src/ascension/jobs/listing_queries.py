"""SQL of what operators look at: jobs by state, oldest or newest first, and one job in full."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.infra.database.primary import Connection
from ascension.jobs.queries import JOB, Job


@dataclass(frozen=True)
class Which:
    """Which jobs; None: whatever it is."""

    state: str | None = None
    kind: str | None = None
    tier: str | None = None
    user_id: UUID | None = None
    failure_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class JobRow(Job):
    """All of a job. resting_until: it waits, and is delivered then at the earliest."""

    stage: str | None
    progress_pct: int
    worker_id: str | None
    started_at: datetime | None
    finished_at: datetime | None
    resting_until: datetime | None
    timings: dict[str, float] | None


@dataclass(frozen=True)
class DeadGroup:
    """Dead jobs of one reason; None: none was written down."""

    failure_code: str | None
    jobs: int
    oldest_at: datetime | None
    newest_at: datetime | None


_ROW: LiteralString = f"""
    {JOB}, j.stage, j.progress_pct, j.worker_id, j.started_at, j.finished_at, j.timings,
    case when j.state = 'queued' and j.deliver_after > now() then j.deliver_after end as resting_until
"""


_WHICH: LiteralString = """
    (%(state)s::text is null or j.state = %(state)s)
    and (%(kind)s::text is null or j.kind = %(kind)s)
    and (%(tier)s::text is null or j.tier = %(tier)s)
    and (%(user_id)s::uuid is null or j.user_id = %(user_id)s)
    and (%(failure_code)s::text is null or j.failure_code = %(failure_code)s)
"""
# Never prepared: a plan for what is asked now leaves out what holds for all, and finds an index for the rest.


async def list_newest(
    connection: Connection, which: Which, *, before_id: UUID | None, limit: int
) -> list[JobRow]:
    """Last asked for the first time; before this one."""
    async with connection.cursor(row_factory=class_row(JobRow)) as cursor:
        await cursor.execute(
            f"""
            select {_ROW} from jobs j
            where {_WHICH} and (%(before_id)s::uuid is null or j.id < %(before_id)s)
            order by j.id desc limit %(limit)s
            """,
            {**asdict(which), "before_id": before_id, "limit": limit},
            prepare=False,
        )
        return await cursor.fetchall()


async def list_oldest(
    connection: Connection, which: Which, *, after_id: UUID | None, limit: int
) -> list[JobRow]:
    """First asked for the first time; after this one."""
    async with connection.cursor(row_factory=class_row(JobRow)) as cursor:
        await cursor.execute(
            f"""
            select {_ROW} from jobs j
            where {_WHICH} and (%(after_id)s::uuid is null or j.id > %(after_id)s)
            order by j.id limit %(limit)s
            """,
            {**asdict(which), "after_id": after_id, "limit": limit},
            prepare=False,
        )
        return await cursor.fetchall()


async def get(connection: Connection, job_id: UUID) -> JobRow | None:
    async with connection.cursor(row_factory=class_row(JobRow)) as cursor:
        await cursor.execute(f"select {_ROW} from jobs j where j.id = %s", (job_id,))
        return await cursor.fetchone()


async def lock(connection: Connection, job_ids: Collection[UUID]) -> dict[UUID, str]:
    """Their states, which stay until the end of the transaction; those that are gone are missing."""
    cursor = await connection.execute(
        "select id, state from jobs where id = any(%s) order by id for no key update", (list(job_ids),)
    )
    return {row["id"]: row["state"] for row in await cursor.fetchall()}


async def count(connection: Connection, which: Which) -> int:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(f"select count(*) from jobs j where {_WHICH}", asdict(which), prepare=False)
        return (await cursor.fetchone()) or 0


async def count_dead_by_code(connection: Connection) -> list[DeadGroup]:
    """The most first."""
    async with connection.cursor(row_factory=class_row(DeadGroup)) as cursor:
        await cursor.execute(
            """
            select failure_code, count(*) as jobs, min(finished_at) as oldest_at,
                max(finished_at) as newest_at
            from jobs where state = 'dead' group by failure_code order by count(*) desc, failure_code
            """
        )
        return await cursor.fetchall()
