"""What other parts ask of jobs: enqueue, cancel, try again. No caller knows about streams."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from structlog.contextvars import get_contextvars
from uuid_utils.compat import uuid7

from ascension.errors.analyses import AnalysisEnded, AnalysisNotRetryable
from ascension.infra.database.primary import Connection, Transaction
from ascension.infra.settings import JobSettings
from ascension.infra.streams import Streams
from ascension.jobs import delivery, events, queries, sweep_queries
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
        NewJob(uuid7(), kind, subject_id, user_id, tier, _request_id()),
        admitted_per_user=queue.settings.job_admitted_per_user,
    )
    _announce_after_commit(tx, queue, job)
    return job.id


async def cancel(tx: Transaction, queue: JobQueue, job_id: UUID, user_id: UUID) -> None:
    """Raises AnalysisEnded when there is nothing left to cancel."""
    job = await queries.request_cancel(tx.connection, job_id, user_id)
    if job is None:
        raise AnalysisEnded
    _announce_after_commit(tx, queue, job)
    if job.state == "canceled":
        admitted = await admit_next(tx.connection, queue.settings, [job.user_id])
        tx.after_commit(partial(deliver, queue.streams, admitted))


async def retry(tx: Transaction, queue: JobQueue, job_id: UUID, user_id: UUID, *, also_done: bool) -> None:
    """Raises AnalysisNotRetryable unless the job failed, died or was canceled (or is done: `also_done`)."""
    job = await queries.requeue(
        tx.connection,
        job_id,
        user_id,
        also=("done",) if also_done else (),
        admitted_per_user=queue.settings.job_admitted_per_user,
        request_id=_request_id(),
    )
    if job is None:
        raise AnalysisNotRetryable
    _announce_after_commit(tx, queue, job)


async def restart(tx: Transaction, queue: JobQueue, job_id: UUID, user_id: UUID) -> None:
    """Run it from the beginning, whatever it is doing: what it was asked has changed."""
    job = await queries.requeue(
        tx.connection,
        job_id,
        user_id,
        also=("done", "queued", "processing"),
        admitted_per_user=queue.settings.job_admitted_per_user,
        request_id=_request_id(),
    )
    if job is not None:
        _announce_after_commit(tx, queue, job)


async def admit_next(connection: Connection, settings: JobSettings, user_ids: Collection[UUID]) -> list[Job]:
    """Let waiting jobs of these users in, as far as each has room."""
    return await sweep_queries.admit_waiting(
        connection, user_ids, admitted_per_user=settings.job_admitted_per_user
    )


async def announce(streams: Streams, job: Job) -> None:
    """Tell its user what state a job has reached, then deliver it if it waits; one round trip for both.

    In this order: whoever takes it from the stream has news of its own.
    """
    if _is_to_be_delivered(job):
        await delivery.push(streams, job.tier, job.id, news=events.news_of(job))
    else:
        await events.publish_state(streams, job)


async def deliver(streams: Streams, jobs: Iterable[Job]) -> None:
    """Put those that wait and are admitted into their streams. What stays behind, the sweep delivers."""
    for job in jobs:
        if _is_to_be_delivered(job) and not await delivery.push(streams, job.tier, job.id):
            return


def _is_to_be_delivered(job: Job) -> bool:
    return job.state == "queued" and job.admitted


def _announce_after_commit(tx: Transaction, queue: JobQueue, job: Job) -> None:
    async def after() -> None:
        await announce(queue.streams, job)

    tx.after_commit(after)


def _request_id() -> str | None:
    """The API request at hand: its id goes with the job through queue and worker."""
    found = get_contextvars().get("request_id")
    return found if isinstance(found, str) else None
