"""SQL of the sweep: what delivery has forgotten. Rows that another sweep holds are skipped.

Each statement reads a few rows of an index of its own, however many jobs wait.
"""

from collections.abc import Collection
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row, scalar_row

from ascension.infra.database.primary import Connection
from ascension.jobs.queries import JOB, Job

MAX_ROWS = 500


async def _all(connection: Connection, sql: LiteralString, parameters: dict[str, object]) -> list[Job]:
    async with connection.cursor(row_factory=class_row(Job)) as cursor:
        await cursor.execute(sql, {**parameters, "max_rows": MAX_ROWS})
        return await cursor.fetchall()


async def end_lapsed_leases(connection: Connection, *, max_crashes: int) -> list[Job]:
    """Jobs whose worker fell silent: back to queued, dead after the last crash, or canceled."""
    return await _all(
        connection,
        f"""
        with next as (
            select id, case when cancel_requested then 'canceled'
                            when crashes + 1 >= %(max_crashes)s then 'dead'
                            else 'queued' end as state
            from jobs where state = 'processing' and lease_until < now()
            order by lease_until limit %(max_rows)s for update skip locked
        )
        update jobs j set
            state = next.state, finished_at = case when next.state <> 'queued' then now() end,
            crashes = j.crashes + 1,
            failure_code = case when next.state <> 'canceled' then 'worker_lost' end,
            stage = null, progress_pct = 0, claim_id = null, lease_until = null,
            deliver_after = now(), delivered_at = case when next.state = 'queued' then now() end
        from next where j.id = next.id
        returning {JOB}
        """,
        {"max_crashes": max_crashes},
    )


async def deliver_due(connection: Connection) -> list[Job]:
    """Admitted jobs that are in no stream, and whose pause is over: to be delivered now."""
    return await _all(
        connection,
        f"""
        with due as (
            select id from jobs
            where state = 'queued' and admitted and delivered_at is null and deliver_after <= now()
            order by deliver_after limit %(max_rows)s for update skip locked
        )
        update jobs j set delivered_at = now()
        from due where j.id = due.id
        returning {JOB}
        """,
        {},
    )


async def deliver_missing(connection: Connection, *, tier: str, older_than_s: float) -> list[Job]:
    """Jobs of a tier whose delivery is so old that their stream cannot hold it: to be delivered again."""
    return await _all(
        connection,
        f"""
        with missing as (
            select id from jobs
            where state = 'queued' and admitted and tier = %(tier)s
                and delivered_at < now() - make_interval(secs => %(older_than_s)s)
            order by delivered_at limit %(max_rows)s for update skip locked
        )
        update jobs j set delivered_at = now()
        from missing where j.id = missing.id
        returning {JOB}
        """,
        {"tier": tier, "older_than_s": older_than_s},
    )


async def list_waiting_users(connection: Connection, *, after: UUID, limit: int) -> list[UUID]:
    """Users with jobs that are not admitted, in the order of their ids: one look into the index for each."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            with recursive waiting (user_id, place) as (
                (select user_id, 1 from jobs
                 where state = 'queued' and not admitted and user_id > %(after)s
                 order by user_id limit 1)
                union all
                select next.user_id, waiting.place + 1 from waiting cross join lateral (
                    select user_id from jobs
                    where state = 'queued' and not admitted and user_id > waiting.user_id
                    order by user_id limit 1) next
                where waiting.place < %(limit)s
            )
            select user_id from waiting
            """,
            {"after": after, "limit": limit},
        )
        return await cursor.fetchall()


async def admit_waiting(
    connection: Connection, user_ids: Collection[UUID], *, admitted_per_user: int
) -> list[Job]:
    """Let the next jobs of these users into the streams, as far as they have room there."""
    return await _all(
        connection,
        f"""
        with chosen as (
            select next.id from unnest(%(user_ids)s::uuid[]) as one (user_id) cross join lateral (
                select id from jobs
                where user_id = one.user_id and state = 'queued' and not admitted
                order by created_at, id
                limit greatest(0, %(admitted_per_user)s - (
                    select count(*) from jobs a
                    where a.user_id = one.user_id and a.admitted and a.state in ('queued', 'processing')))
                for update skip locked) next
        )
        update jobs j set admitted = true, delivered_at = now()
        from chosen where j.id = chosen.id
        returning {JOB}
        """,
        {"user_ids": list(user_ids), "admitted_per_user": admitted_per_user},
    )
