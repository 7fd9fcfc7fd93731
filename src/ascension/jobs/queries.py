"""SQL of single jobs. Every change of state is one conditional statement: no row back, not yours."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from ascension.infra.database.primary import Connection


@dataclass(frozen=True)
class Job:
    """attempt: runs begun; of them `crashes` ended with a dead child or worker, `interruptions` because a
    part did not answer. failure_detail: what the catalog's text of the code does not say, if anything.
    """

    id: UUID
    kind: str
    subject_id: UUID
    user_id: UUID
    tier: str
    state: str
    attempt: int
    crashes: int
    interruptions: int
    admitted: bool
    cancel_requested: bool
    failure_code: str | None
    created_at: datetime
    failure_detail: str | None = None
    request_id: str | None = None


JOB: LiteralString = """
    j.id, j.kind, j.subject_id, j.user_id, j.tier, j.state, j.attempt, j.crashes, j.interruptions, j.admitted,
    j.cancel_requested, j.failure_code, j.created_at, j.failure_detail, j.request_id
"""
"""The columns of a Job, of the table under the name `j`."""


async def _one(connection: Connection, sql: LiteralString, parameters: dict[str, object]) -> Job | None:
    async with connection.cursor(row_factory=class_row(Job)) as cursor:
        await cursor.execute(sql, parameters)
        return await cursor.fetchone()


@dataclass(frozen=True)
class NewJob:
    id: UUID
    kind: str
    subject_id: UUID
    user_id: UUID
    tier: str
    request_id: str | None = None


async def insert(connection: Connection, job: NewJob, *, admitted_per_user: int) -> Job:
    """A queued job, admitted to its stream at once unless its user has enough jobs there already."""
    inserted = await _one(
        connection,
        f"""
        insert into jobs as j (id, kind, subject_id, user_id, tier, request_id, admitted, delivered_at)
        select %(id)s, %(kind)s, %(subject_id)s, %(user_id)s, %(tier)s, %(request_id)s,
               room.admitted, case when room.admitted then now() end
        from (
            select count(*) < %(admitted_per_user)s as admitted from jobs
            where user_id = %(user_id)s and admitted and state in ('queued', 'processing')
        ) room
        returning {JOB}
        """,
        {**asdict(job), "admitted_per_user": admitted_per_user},
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
) -> Job | None:
    """Take a job that waits. None: a duplicate, finished, canceled or owned.

    One of another kind is left for a worker of a newer release, to whom the sweep will deliver it.
    """
    return await _one(
        connection,
        f"""
        update jobs j set
            state = 'processing', attempt = attempt + 1, claim_id = %(claim_id)s, worker_id = %(worker_id)s,
            lease_until = now() + make_interval(secs => %(lease_s)s),
            started_at = now(), stage = 'starting', progress_pct = 0, failure_code = null
        where id = %(id)s and kind = any(%(kinds)s) and state = 'queued' and not cancel_requested
        returning {JOB}
        """,
        {
            "id": job_id,
            "claim_id": claim_id,
            "worker_id": worker_id,
            "kinds": list(kinds),
            "lease_s": lease_s,
        },
    )


async def heartbeat(
    connection: Connection, job_id: UUID, *, claim_id: UUID, lease_s: float, stage: str, progress_pct: int
) -> bool:
    """Renew the lease and write the progress. False: the claim is lost."""
    cursor = await connection.execute(
        """
        update jobs set
            lease_until = now() + make_interval(secs => %(lease_s)s),
            stage = %(stage)s, progress_pct = greatest(progress_pct, %(progress_pct)s)
        where id = %(id)s and claim_id = %(claim_id)s and state = 'processing'
        """,
        {
            "id": job_id,
            "claim_id": claim_id,
            "lease_s": lease_s,
            "stage": stage,
            "progress_pct": progress_pct,
        },
    )
    return cursor.rowcount == 1


@dataclass(frozen=True)
class Claim:
    """A claim that holds. cancel_requested: its user asked to stop."""

    claim_id: UUID
    cancel_requested: bool


async def list_claims(connection: Connection, job_ids: Collection[UUID]) -> list[Claim]:
    """The claims that hold now on these jobs: one light question for all that a worker runs."""
    async with connection.cursor(row_factory=class_row(Claim)) as cursor:
        await cursor.execute(
            """
            select claim_id, cancel_requested from jobs
            where id = any(%s) and state = 'processing' and claim_id is not null
            """,
            (list(job_ids),),
        )
        return await cursor.fetchall()


async def complete(
    connection: Connection, job_id: UUID, claim_id: UUID, *, timings: dict[str, float]
) -> Job | None:
    """Fenced: None when the claim was lost meanwhile, and then nothing of this run may be kept.

    Repeatable, because the answer to a commit may get lost: the claim stays on the row.
    """
    return await _one(
        connection,
        f"""
        update jobs j set
            state = 'done', progress_pct = 100, stage = null, finished_at = now(), lease_until = null,
            timings = %(timings)s
        where id = %(id)s and claim_id = %(claim_id)s and state in ('processing', 'done')
        returning {JOB}
        """,
        {"id": job_id, "claim_id": claim_id, "timings": Jsonb(timings)},
    )


async def fail(
    connection: Connection,
    job_id: UUID,
    claim_id: UUID,
    *,
    failure_code: str,
    failure_detail: str | None = None,
) -> Job | None:
    """The input is at fault: never again."""
    return await _one(
        connection,
        f"""
        update jobs j set
            state = 'failed', stage = null, finished_at = now(), failure_code = %(failure_code)s,
            failure_detail = %(failure_detail)s,
            claim_id = null, lease_until = null
        where id = %(id)s and claim_id = %(claim_id)s and state = 'processing'
        returning {JOB}
        """,
        {
            "id": job_id,
            "claim_id": claim_id,
            "failure_code": failure_code,
            "failure_detail": failure_detail,
        },
    )


@dataclass(frozen=True)
class Ending:
    """How a run ended without an outcome, and what it counts as. Neither: it was handed back, at no cost."""

    failure_code: str | None = None
    is_crash: bool = False
    is_interruption: bool = False
    pause_s: float = 0


async def release(
    connection: Connection,
    job_id: UUID,
    claim_id: UUID,
    ending: Ending,
    *,
    max_crashes: int,
    patience_s: float,
) -> Job | None:
    """Give a job back: canceled if that was asked for, dead after its last crash or when a part has not
    answered for longer than `patience_s`, else queued again after a pause.
    """
    return await _one(
        connection,
        f"""
        update jobs j set
            state = next.state, finished_at = case when next.state <> 'queued' then now() end,
            crashes = j.crashes + %(is_crash)s::int,
            interruptions = j.interruptions + %(is_interruption)s::int,
            failure_code = case when next.state <> 'canceled' then %(failure_code)s end,
            stage = null, progress_pct = 0, claim_id = null, lease_until = null, delivered_at = null,
            deliver_after = now() + make_interval(secs => %(pause_s)s)
        from (
            select id, case
                when cancel_requested then 'canceled'
                when %(is_crash)s and crashes + 1 >= %(max_crashes)s then 'dead'
                when %(is_interruption)s and created_at < now() - make_interval(secs => %(patience_s)s)
                    then 'dead'
                else 'queued' end as state
            from jobs where id = %(id)s and claim_id = %(claim_id)s and state = 'processing' for update
        ) next
        where j.id = next.id
        returning {JOB}
        """,
        {
            "id": job_id,
            "claim_id": claim_id,
            **asdict(ending),
            "max_crashes": max_crashes,
            "patience_s": patience_s,
        },
    )


async def list_ended(
    connection: Connection, user_ids: Collection[UUID], *, back_s: float, settled_s: float
) -> list[tuple[Job, float]]:
    """Jobs of these users that ended between `back_s` and `settled_s` ago, each with how long ago, in s."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            f"""
            select {JOB}, extract(epoch from now() - j.finished_at)::float8 as age_s from jobs j
            where j.finished_at between now() - make_interval(secs => %(back_s)s)
                                    and now() - make_interval(secs => %(settled_s)s)
              and j.user_id = any(%(user_ids)s)
            """,
            {"user_ids": list(user_ids), "back_s": back_s, "settled_s": settled_s},
        )
        rows = await cursor.fetchall()
    return [(Job(**{key: row[key] for key in row if key != "age_s"}), row["age_s"]) for row in rows]


async def request_cancel(connection: Connection, job_id: UUID, user_id: UUID) -> Job | None:
    """Cancel at once what waits, ask the worker to stop what runs. None: it has ended."""
    return await _one(
        connection,
        f"""
        update jobs j set
            cancel_requested = true,
            state = case when state = 'queued' then 'canceled' else state end,
            failure_code = null,
            finished_at = case when state = 'queued' then now() else finished_at end
        where id = %(id)s and user_id = %(user_id)s and state in ('queued', 'processing')
        returning {JOB}
        """,
        {"id": job_id, "user_id": user_id},
    )


async def requeue(
    connection: Connection,
    job_id: UUID,
    user_id: UUID,
    *,
    also: Sequence[str],
    admitted_per_user: int,
    request_id: str | None = None,
) -> Job | None:
    """Run a job again from the beginning, as old and admitted as a new one: one that ended without a
    result, or is in one of the states `also`. A worker that is at it loses its claim. None: another state.
    """
    return await _one(
        connection,
        f"""
        update jobs j set
            state = 'queued', attempt = 0, crashes = 0, interruptions = 0, cancel_requested = false,
            failure_code = null, failure_detail = null, stage = null, progress_pct = 0, started_at = null,
            finished_at = null, claim_id = null, lease_until = null, timings = null, created_at = now(),
            request_id = %(request_id)s, admitted = room.admitted, deliver_after = now(),
            delivered_at = case when room.admitted then now() end
        from (
            select count(a.id) < %(admitted_per_user)s as admitted
            from jobs own left join jobs a
                on a.user_id = own.user_id and a.admitted and a.state in ('queued', 'processing')
            where own.id = %(id)s and own.user_id = %(user_id)s
        ) room
        where id = %(id)s and user_id = %(user_id)s
          and (state in ('failed', 'dead', 'canceled') or state = any(%(also)s))
        returning {JOB}
        """,
        {
            "id": job_id,
            "user_id": user_id,
            "also": list(also),
            "admitted_per_user": admitted_per_user,
            "request_id": request_id,
        },
    )
