"""What other parts ask of jobs: enqueue, cancel, try again. No caller knows about streams."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.errors import AnalysisEnded, AnalysisNotRetryable
from ascension.infra.db import Connection, Transaction
from ascension.infra.settings import JobSettings
from ascension.infra.streams import Streams
from ascension.jobs import delivery, events, queries
from ascension.jobs.queries import Job, NewJob


@dataclass(frozen=True)
class JobQueue:
    """How this process reaches the streams, and the protocol's times."""

    streams: Streams
    settings: JobSettings


async def enqueue(
    tx: Transaction, queue: JobQueue, *, kind: str, subject_id: UUID, user_id: UUID, tier: str
) -> UUID:
    """A job row in this transaction; its delivery follows the commit, or the sweep."""
    job = await queries.insert(
        tx.connection,
        NewJob(uuid7(), kind, subject_id, user_id, tier),
        admitted_per_user=queue.settings.job_admitted_per_user,
        redeliver_s=queue.settings.job_redeliver_s,
    )
    _announce_after_commit(tx, queue, job)
    return job.id


async def cancel(tx: Transaction, queue: JobQueue, job_id: UUID) -> None:
    """Raises AnalysisEnded when there is nothing left to cancel."""
    job = await queries.request_cancel(tx.connection, job_id)
    if job is None:
        raise AnalysisEnded
    _announce_after_commit(tx, queue, job)


async def retry(tx: Transaction, queue: JobQueue, job_id: UUID, *, also_done: bool) -> None:
    """Raises AnalysisNotRetryable unless the job failed, died or was canceled (or is done: `also_done`)."""
    job = await queries.requeue(
        tx.connection,
        job_id,
        also=("done",) if also_done else (),
        admitted_per_user=queue.settings.job_admitted_per_user,
        redeliver_s=queue.settings.job_redeliver_s,
    )
    if job is None:
        raise AnalysisNotRetryable
    _announce_after_commit(tx, queue, job)


async def restart(tx: Transaction, queue: JobQueue, job_id: UUID) -> None:
    """Run it from the beginning, whatever it is doing: what it was asked has changed."""
    job = await queries.requeue(
        tx.connection,
        job_id,
        also=("done", "queued", "processing"),
        admitted_per_user=queue.settings.job_admitted_per_user,
        redeliver_s=queue.settings.job_redeliver_s,
    )
    if job is not None:
        _announce_after_commit(tx, queue, job)


async def admit_next(connection: Connection, settings: JobSettings) -> list[Job]:
    """Let waiting jobs in where their user has room."""
    return await queries.admit_waiting(
        connection, admitted_per_user=settings.job_admitted_per_user, redeliver_s=settings.job_redeliver_s
    )


async def announce(streams: Streams, job: Job) -> None:
    """Tell its user what state a job has reached, then deliver it if it waits.

    In this order: whoever takes it from the stream has news of its own.
    """
    await events.publish_state(streams, job)
    await deliver(streams, [job])


async def deliver(streams: Streams, jobs: Iterable[Job]) -> None:
    """Put those that wait and are admitted into their streams. What stays behind, the sweep delivers."""
    for job in jobs:
        if job.state == "queued" and job.admitted and not await delivery.push(streams, job.tier, job.id):
            return


def _announce_after_commit(tx: Transaction, queue: JobQueue, job: Job) -> None:
    async def after() -> None:
        await announce(queue.streams, job)

    tx.after_commit(after)
