"""SQL of the operator's figures: how long jobs waited and took, lately or in one minute."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from psycopg.rows import class_row

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Spread:
    """How durations spread; `name` and `part` say of what."""

    name: str
    part: str
    jobs: int
    p50_s: float
    p95_s: float
    max_s: float


_SPREAD: LiteralString = """
    count(*) as jobs,
    percentile_cont(0.5) within group (order by seconds) as p50_s,
    percentile_cont(0.95) within group (order by seconds) as p95_s,
    max(seconds) as max_s
"""


async def _spreads(connection: Connection, sql: LiteralString, within_s: float) -> list[Spread]:
    async with connection.cursor(row_factory=class_row(Spread)) as cursor:
        await cursor.execute(sql, {"within_s": within_s})
        return await cursor.fetchall()


async def processing_times(connection: Connection, *, within_s: float) -> list[Spread]:
    """By kind and state, of jobs that ended within these seconds: from the last run's start to the end."""
    return await _spreads(
        connection,
        f"""
        select kind as name, state as part, {_SPREAD} from (
            select kind, state, extract(epoch from finished_at - started_at)::float as seconds from jobs
            where finished_at > now() - make_interval(secs => %(within_s)s) and started_at is not null
        ) ended group by kind, state
        """,
        within_s,
    )


async def stage_times(connection: Connection, *, within_s: float) -> list[Spread]:
    """By kind and stage, of jobs that were done within these seconds."""
    return await _spreads(
        connection,
        f"""
        select kind as name, stage as part, {_SPREAD} from (
            select kind, timing.key as stage, timing.value::float as seconds
            from jobs, jsonb_each_text(timings) as timing
            where finished_at > now() - make_interval(secs => %(within_s)s) and state = 'done'
        ) stages group by kind, stage
        """,
        within_s,
    )


async def waiting_times(connection: Connection, *, within_s: float) -> list[Spread]:
    """By tier, of jobs that ended within these seconds: from the request to the start of the last run."""
    return await _spreads(
        connection,
        f"""
        select tier as name, '' as part, {_SPREAD} from (
            select tier, extract(epoch from started_at - created_at)::float as seconds from jobs
            where finished_at > now() - make_interval(secs => %(within_s)s) and started_at is not null
        ) ended group by tier
        """,
        within_s,
    )


@dataclass(frozen=True)
class Finished:
    kind: str
    seconds: float


async def list_finished(
    connection: Connection, *, since: datetime, before: datetime, limit: int
) -> list[Finished]:
    """Kind and processing time of jobs that were done in [since, before)."""
    async with connection.cursor(row_factory=class_row(Finished)) as cursor:
        await cursor.execute(
            """
            select kind, extract(epoch from finished_at - started_at)::float as seconds from jobs
            where finished_at >= %s and finished_at < %s and state = 'done' and started_at is not null
            limit %s
            """,
            (since, before, limit),
        )
        return await cursor.fetchall()
