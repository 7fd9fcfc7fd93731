"""SQL of jobs and workers. Every change of state is one conditional statement: no row back, not yours."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from ascension.infra.db import Connection


@dataclass(frozen=True)
class Job:
    id: UUID
    kind: str
    subject_id: UUID
    user_id: UUID
    tier: str
    state: str
    attempt: int
    admitted: bool
    cancel_requested: bool
    failure_code: str | None
    created_at: datetime
    failure_detail: str | None = None
    """What the catalog's text of the code does not say, where there is more."""


_JOB: LiteralString = """
    id, kind, subject_id, user_id, tier, state, attempt, admitted, cancel_requested, failure_code, created_at,
    failure_detail
"""
# the same columns, where the statement joins the table with another
_JOB_J: LiteralString = """
    j.id, j.kind, j.subject_id, j.user_id, j.tier, j.state, j.attempt, j.admitted, j.cancel_requested,
    j.failure_code, j.created_at, j.failure_detail
"""


async def _one(connection: Connection, sql: LiteralString, parameters: dict[str, object]) -> Job | None:
    async with connection.cursor(row_factory=class_row(Job)) as cursor:
        await cursor.execute(sql, parameters)
        return await cursor.fetchone()


async def _all(connection: Connection, sql: LiteralString, parameters: dict[str, object]) -> list[Job]:
    async with connection.cursor(row_factory=class_row(Job)) as cursor:
        await cursor.execute(sql, parameters)
        return await cursor.fetchall()


@dataclass(frozen=True)
class NewJob:
    id: UUID
    kind: str
    subject_id: UUID
    user_id: UUID
    tier: str


async def insert(connection: Connection, job: NewJob, *, admitted_per_user: int, redeliver_s: float) -> Job:
    """A queued job, admitted to its stream at once unless its user has enough jobs there already."""
    inserted = await _one(
        connection,
        f"""
        insert into jobs (id, kind, subject_id, user_id, tier, admitted, deliver_after)
        values (
            %(id)s, %(kind)s, %(subject_id)s, %(user_id)s, %(tier)s,
            (select count(*) from jobs
             where user_id = %(user_id)s and admitted and state in ('queued', 'processing')
            ) < %(admitted_per_user)s,
            now() + make_interval(secs => %(redeliver_s)s)
        )
        returning {_JOB}
        """,
        {**asdict(job), "admitted_per_user": admitted_per_user, "redeliver_s": redeliver_s},
    )
    assert inserted is not None  # noqa: S101 (an insert without a conflict clause returns its row or raises)
    return inserted


async def claim(
    connection: Connection,
    job_id: UUID,
    *,
    claim_id: UUID,
    worker_id: str,
    kinds: Collection[str],
    lease_s: float,
    max_attempts: int,
) -> Job | None:
    """Take a job that waits or whose lease ran out. None: a duplicate, finished, canceled or owned.

    One of another kind is left for a worker of a newer release, to whom the sweep will deliver it.
    """
    return await _one(
        connection,
        f"""
        update jobs set
            state = 'processing', attempt = attempt + 1, claim_id = %(claim_id)s, worker_id = %(worker_id)s,
            lease_until = now() + make_interval(secs => %(lease_s)s),
            started_at = now(), stage = 'starting', progress_pct = 0, failure_code = null
        where id = %(id)s and kind = any(%(kinds)s) and not cancel_requested and (
            state = 'queued'
            or (state = 'processing' and lease_until < now() and attempt < %(max_attempts)s))
        returning {_JOB}
        """,
        {
            "id": job_id,
            "claim_id": claim_id,
            "worker_id": worker_id,
            "kinds": list(kinds),
            "lease_s": lease_s,
            "max_attempts": max_attempts,
        },
    )


async def heartbeat(
    connection: Connection, job_id: UUID, *, claim_id: UUID, lease_s: float, stage: str, progress_pct: int
) -> bool | None:
    """Renew the lease and write the progress. True: cancel was asked for. None: the claim is lost."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(
            """
            update jobs set
                lease_until = now() + make_interval(secs => %(lease_s)s),
                stage = %(stage)s, progress_pct = greatest(progress_pct, %(progress_pct)s)
            where id = %(id)s and claim_id = %(claim_id)s and state = 'processing'
            returning cancel_requested
            """,
            {
                "id": job_id,
                "claim_id": claim_id,
                "lease_s": lease_s,
                "stage": stage,
                "progress_pct": progress_pct,
            },
        )
        return await cursor.fetchone()


async def complete(connection: Connection, job_id: UUID, claim_id: UUID) -> Job | None:
    """Fenced: None when the claim was lost meanwhile, and then nothing of this run may be kept.

    Repeatable, because the answer to a commit may get lost: the claim stays on the row.
    """
    return await _one(
        connection,
        f"""
        update jobs set
            state = 'done', progress_pct = 100, stage = null, finished_at = now(), lease_until = null
        where id = %(id)s and claim_id = %(claim_id)s and state in ('processing', 'done')
        returning {_JOB}
        """,
        {"id": job_id, "claim_id": claim_id},
    )


async def fail(
    connection: Connection,
    job_id: UUID,
    claim_id: UUID,
    *,
    failure_code: str,
    failure_detail: str | None = None,
) -> Job | None:
    """The input is at fault: no further attempt."""
    return await _one(
        connection,
        f"""
        update jobs set
            state = 'failed', stage = null, finished_at = now(), failure_code = %(failure_code)s,
            failure_detail = %(failure_detail)s,
            claim_id = null, lease_until = null
        where id = %(id)s and claim_id = %(claim_id)s and state = 'processing'
        returning {_JOB}
        """,
        {
            "id": job_id,
            "claim_id": claim_id,
            "failure_code": failure_code,
            "failure_detail": failure_detail,
        },
    )


async def release(
    connection: Connection,
    job_id: UUID,
    claim_id: UUID,
    *,
    failure_code: str | None,
    retry_delay_s: float,
    max_attempts: int,
    count_attempt: bool,
) -> Job | None:
    """Give a job back: canceled if that was asked for, dead after the last attempt, else queued again."""
    return await _one(
        connection,
        f"""
        update jobs set
            state = case when cancel_requested then 'canceled'
                         when %(count_attempt)s and attempt >= %(max_attempts)s then 'dead'
                         else 'queued' end,
            attempt = case when %(count_attempt)s then attempt else attempt - 1 end,
            finished_at = case when cancel_requested or (%(count_attempt)s and attempt >= %(max_attempts)s)
                               then now() end,
            failure_code = %(failure_code)s, stage = null, progress_pct = 0, claim_id = null,
            lease_until = null, deliver_after = now() + make_interval(secs => %(retry_delay_s)s)
        where id = %(id)s and claim_id = %(claim_id)s and state = 'processing'
        returning {_JOB}
        """,
        {
            "id": job_id,
            "claim_id": claim_id,
            "failure_code": failure_code,
            "retry_delay_s": retry_delay_s,
            "max_attempts": max_attempts,
            "count_attempt": count_attempt,
        },
    )


async def request_cancel(connection: Connection, job_id: UUID) -> Job | None:
    """Cancel at once what waits, ask the worker to stop what runs. None: it has ended."""
    return await _one(
        connection,
        f"""
        update jobs set
            cancel_requested = true,
            state = case when state = 'queued' then 'canceled' else state end,
            finished_at = case when state = 'queued' then now() else finished_at end
        where id = %(id)s and state in ('queued', 'processing')
        returning {_JOB}
        """,
        {"id": job_id},
    )


async def requeue(
    connection: Connection, job_id: UUID, *, also: Sequence[str], admitted_per_user: int, redeliver_s: float
) -> Job | None:
    """Run a job again from the first attempt, as old and admitted as a new one: one that ended without a
    result, or is in one of the states `also`. A worker that is at it loses its claim. None: another state.
    """
    return await _one(
        connection,
        f"""
        update jobs j set
            state = 'queued', attempt = 0, cancel_requested = false, failure_code = null,
            failure_detail = null, stage = null, progress_pct = 0, started_at = null, finished_at = null,
            claim_id = null, lease_until = null, created_at = now(),
            admitted = (
                select count(*) from jobs a
                where a.user_id = j.user_id and a.admitted and a.state in ('queued', 'processing')
            ) < %(admitted_per_user)s,
            deliver_after = now() + make_interval(secs => %(redeliver_s)s)
        where id = %(id)s
          and (state in ('failed', 'dead', 'canceled') or state = any(%(also)s))
        returning {_JOB}
        """,
        {
            "id": job_id,
            "also": list(also),
            "admitted_per_user": admitted_per_user,
            "redeliver_s": redeliver_s,
        },
    )


async def end_lapsed_leases(connection: Connection, *, max_attempts: int, redeliver_s: float) -> list[Job]:
    """Jobs whose worker fell silent: back to queued, dead after the last attempt, or canceled."""
    return await _all(
        connection,
        f"""
        with lapsed as (
            select id from jobs where state = 'processing' and lease_until < now()
            order by created_at limit 500 for update skip locked
        )
        update jobs j set
            state = case when j.cancel_requested then 'canceled'
                         when j.attempt >= %(max_attempts)s then 'dead'
                         else 'queued' end,
            finished_at = case when j.cancel_requested or j.attempt >= %(max_attempts)s then now() end,
            failure_code = case when j.attempt >= %(max_attempts)s and not j.cancel_requested
                                then 'attempts_exhausted' end,
            stage = null, progress_pct = 0, claim_id = null, lease_until = null,
            deliver_after = now() + make_interval(secs => %(redeliver_s)s)
        from lapsed where j.id = lapsed.id
        returning {_JOB_J}
        """,
        {"max_attempts": max_attempts, "redeliver_s": redeliver_s},
    )


async def list_overdue(connection: Connection, *, redeliver_s: float) -> list[Job]:
    """Admitted jobs that nobody has taken in time, each once per `redeliver_s`: to be delivered again."""
    return await _all(
        connection,
        f"""
        with overdue as (
            select id from jobs where state = 'queued' and admitted and deliver_after < now()
            order by created_at limit 500 for update skip locked
        )
        update jobs j set deliver_after = now() + make_interval(secs => %(redeliver_s)s)
        from overdue where j.id = overdue.id
        returning {_JOB_J}
        """,
        {"redeliver_s": redeliver_s},
    )


async def admit_waiting(connection: Connection, *, admitted_per_user: int, redeliver_s: float) -> list[Job]:
    """Let the next jobs of users below their share into the streams: fairness between users."""
    return await _all(
        connection,
        f"""
        with waiting as (
            select id, row_number() over (partition by user_id order by created_at, id) as place, user_id
            from jobs where state = 'queued' and not admitted
        ), chosen as (
            select w.id from waiting w
            where w.place <= %(admitted_per_user)s - (
                select count(*) from jobs a
                where a.user_id = w.user_id and a.admitted and a.state in ('queued', 'processing'))
            limit 500
        ), locked as (
            select j.id from jobs j join chosen using (id)
            where j.state = 'queued' and not j.admitted
            for update of j skip locked
        )
        update jobs j set admitted = true, deliver_after = now() + make_interval(secs => %(redeliver_s)s)
        from locked where j.id = locked.id
        returning {_JOB_J}
        """,
        {"admitted_per_user": admitted_per_user, "redeliver_s": redeliver_s},
    )


async def upsert_worker(
    connection: Connection,
    *,
    worker_id: str,
    version: str,
    slots: int,
    running: int,
    figures: dict[str, float],
) -> None:
    await connection.execute(
        """
        insert into workers (id, version, slots, running, figures) values (%s, %s, %s, %s, %s)
        on conflict (id) do update set
            running = excluded.running, slots = excluded.slots, version = excluded.version,
            figures = excluded.figures, seen_at = now()
        """,
        (worker_id, version, slots, running, Jsonb(figures)),
    )


async def delete_worker(connection: Connection, worker_id: str) -> None:
    await connection.execute("delete from workers where id = %s", (worker_id,))


async def delete_stale_workers(connection: Connection, *, older_than_s: float) -> None:
    await connection.execute(
        "delete from workers where seen_at < now() - make_interval(secs => %s)", (older_than_s,)
    )


@dataclass(frozen=True)
class StateCount:
    tier: str
    state: str
    jobs: int
    oldest_s: float


async def count_by_state(connection: Connection) -> list[StateCount]:
    """Jobs that have not ended, and dead ones, by tier and state."""
    async with connection.cursor(row_factory=class_row(StateCount)) as cursor:
        await cursor.execute(
            """
            select tier, state, count(*) as jobs,
                   extract(epoch from now() - min(created_at))::float as oldest_s
            from jobs where state in ('queued', 'processing', 'dead') group by tier, state
            """
        )
        return await cursor.fetchall()


@dataclass(frozen=True)
class WorkerReport:
    id: str
    version: str
    slots: int
    running: int
    figures: dict[str, float]
    age_s: float


async def list_workers(connection: Connection, *, seen_within_s: float) -> list[WorkerReport]:
    """Workers that have reported lately."""
    async with connection.cursor(row_factory=class_row(WorkerReport)) as cursor:
        await cursor.execute(
            """
            select id, version, slots, running, figures, extract(epoch from now() - seen_at)::float as age_s
            from workers where seen_at > now() - make_interval(secs => %s) order by id
            """,
            (seen_within_s,),
        )
        return await cursor.fetchall()
