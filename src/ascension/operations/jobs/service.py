"""What operators do about jobs: look, try again, cancel. API, page and `ascension jobs` all come here."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from ascension.accounts import queries as accounts
from ascension.errors.analyses import JobEnded, JobNotFound, JobNotRetryable
from ascension.errors.http import Malformed
from ascension.infra.database.primary import Connection, Transaction
from ascension.jobs import listing_queries, worker_queries
from ascension.jobs import service as jobs
from ascension.jobs.listing_queries import JobRow, Which
from ascension.jobs.service import JobQueue
from ascension.operations import queries
from ascension.operations.durations import WITHIN_S
from ascension.operations.figures import WORKER_SEEN_WITHIN_S
from ascension.operations.jobs.schemas import QueueRead

RETRIED_AT_ONCE = 100
RETRYABLE = frozenset({"dead", "failed"})
OPEN = frozenset({"queued", "processing"})


async def look(connection: Connection) -> QueueRead:
    """What waits, runs and is dead in each tier, who works, how long jobs took and waited lately."""
    return QueueRead.of(
        await worker_queries.count_by_state(connection),
        await worker_queries.list_workers(connection, seen_within_s=WORKER_SEEN_WITHIN_S),
        await queries.processing_times(connection, within_s=WITHIN_S),
        await queries.waiting_times(connection, within_s=WITHIN_S),
        within_s=WITHIN_S,
    )


async def list_page(
    connection: Connection, which: Which, *, cursor: str | None, is_newest_first: bool, limit: int
) -> tuple[list[JobRow], str | None]:
    """One page and the cursor of the next. Raises Malformed for a cursor that is not ours."""
    try:
        after_id = UUID(cursor) if cursor else None
    except ValueError:
        raise Malformed("cursor: send back what next_cursor said.") from None
    if is_newest_first:
        found = await listing_queries.list_newest(connection, which, before_id=after_id, limit=limit + 1)
    else:
        found = await listing_queries.list_oldest(connection, which, after_id=after_id, limit=limit + 1)
    page = found[:limit]
    return page, str(page[-1].id) if len(found) > limit else None


async def count_dead(connection: Connection, which: Which) -> int:
    return await listing_queries.count(connection, replace(which, state="dead"))


async def get(connection: Connection, job_id: UUID) -> JobRow:
    """Raises JobNotFound."""
    job = await listing_queries.get(connection, job_id)
    if job is None:
        raise JobNotFound
    return job


async def retry(tx: Transaction, queue: JobQueue, job_id: UUID) -> JobRow:
    """From the beginning, as new: a dead one, or one whose clip was found to be at fault.

    What its user canceled stays so. Raises JobNotFound, JobNotRetryable.
    """
    job = await get(tx.connection, job_id)
    if not await _retry_in(tx, queue, RETRYABLE, [job]):
        raise JobNotRetryable
    return await get(tx.connection, job_id)


async def retry_dead(tx: Transaction, queue: JobQueue, which: Which) -> tuple[int, int]:
    """The oldest hundred of these: how many wait again, and how many are left. Asked again it goes on."""
    dead = replace(which, state="dead")
    found = await listing_queries.list_oldest(tx.connection, dead, after_id=None, limit=RETRIED_AT_ONCE)
    retried = await _retry_in(tx, queue, {"dead"}, found)
    return retried, await listing_queries.count(tx.connection, dead)


async def _retry_in(
    tx: Transaction, queue: JobQueue, states: Collection[str], found: Sequence[JobRow]
) -> int:
    """Try those again that are in one of these states; how many.

    Their users are locked first, in one order: requests side by side cannot both take the last place in the
    streams, nor wait for each other in a circle.
    """
    for user_id in sorted({job.user_id for job in found}):
        await accounts.lock_user(tx.connection, user_id)
    state_of = await listing_queries.lock(tx.connection, [job.id for job in found])
    again = [job for job in found if state_of.get(job.id) in states]
    for job in again:
        await jobs.retry(tx, queue, job.id, job.user_id, also_done=False)
    return len(again)


async def cancel(tx: Transaction, queue: JobQueue, job_id: UUID) -> JobRow:
    """At once what waits, within 2 s what runs. Raises JobNotFound, JobEnded."""
    job = await get(tx.connection, job_id)
    state_of = await listing_queries.lock(tx.connection, [job_id])
    if state_of.get(job_id) not in OPEN:
        raise JobEnded
    await jobs.cancel(tx, queue, job_id, job.user_id)
    return await get(tx.connection, job_id)
