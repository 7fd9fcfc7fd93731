"""What users ask of comparisons: compare two attempts that they may see, look at it, take it away.

Who may see them is asked with every request: of one's own, and of climbers whom one coaches.
"""

from typing import Final
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries as account_queries
from ascension.analyses import service as analyses
from ascension.analyses.trash import queries as trash_queries
from ascension.comparisons import queries
from ascension.comparisons.queries import Comparison
from ascension.errors.accounts import SessionRevoked
from ascension.errors.analyses import (
    AnalysisNotFound,
    ComparisonInTrash,
    ComparisonNotFound,
    ResultNotFound,
    TooManyComparisons,
)
from ascension.errors.http import Malformed
from ascension.infra.database.primary import Connection, Transaction
from ascension.jobs import service as jobs
from ascension.jobs.service import JobQueue
from ascension.sharing import queries as sharing_queries
from ascension.sharing import service as sharing
from ascension.sharing.coaches import queries as coaches
from ascension.sharing.queries import Reading

KIND: Final = "comparison"
MAX_COMPARISONS: Final = 100

Choice = tuple[UUID, int]
"""An analysis and the number of one of its attempts, from 1."""


async def request(
    tx: Transaction, queue: JobQueue, user_id: UUID, *, first: Choice, second: Choice
) -> Comparison:
    """The comparison of two attempts: the one that is there, or a new one.

    What failed or is stale is made anew; what waits, runs or is right stays as it is, so that asking twice is
    asking once. Raises AnalysisNotFound, ResultNotFound, Malformed, TooManyComparisons, SessionRevoked.
    """
    # one after the other: two requests for one pair, or for the last place that is left
    await account_queries.lock_user(tx.connection, user_id)
    await coaches.hold(tx.connection, user_id)  # or what is withdrawn just now would leave one
    seen = await sharing.let_in(tx.connection, [first[0], second[0]], user_id)
    for name, (analysis_id, attempt) in (("first", first), ("second", second)):
        await _check(tx.connection, seen.get(analysis_id), name, attempt)
    if first == second:
        raise Malformed("second: choose another attempt than the first.")
    comparison_id = await queries.find(tx.connection, user_id, first=first, second=second)
    if comparison_id is None:
        comparison_id = await _create(tx, queue, user_id, first, second)
    found = await get(tx.connection, comparison_id, user_id)
    if found.job_state in ("failed", "dead", "canceled") or (found.job_state == "done" and found.stale):
        return await again(tx, queue, user_id, found)
    return found


async def again(tx: Transaction, queue: JobQueue, user_id: UUID, comparison: Comparison) -> Comparison:
    """Have it made anew; its result stays until then."""
    await jobs.restart(tx, queue, comparison.job_id, user_id)
    return await get(tx.connection, comparison.id, user_id)


async def _check(connection: Connection, reading: Reading | None, name: str, attempt: int) -> None:
    if reading is None:
        raise AnalysisNotFound
    analysis = await analyses.get(connection, reading.analysis_id, reading.owner_id)
    if analysis.summary is None:
        raise ResultNotFound
    attempts = analysis.summary.get("attempts")
    if attempts is not None and attempt > len(attempts):
        raise Malformed(f"{name}.attempt: the clip has {len(attempts)}, from 1.")


async def _create(tx: Transaction, queue: JobQueue, user_id: UUID, first: Choice, second: Choice) -> UUID:
    user = await account_queries.get_user(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    if await queries.count_of(tx.connection, user_id) >= MAX_COMPARISONS:
        raise TooManyComparisons
    comparison_id = uuid7()
    job_id = await jobs.enqueue(
        tx, queue, kind=KIND, subject_id=comparison_id, user_id=user_id, tier=user.tier
    )
    await queries.insert(
        tx.connection,
        comparison_id=comparison_id,
        user_id=user_id,
        job_id=job_id,
        first=first,
        second=second,
    )
    return comparison_id


async def get(connection: Connection, comparison_id: UUID, user_id: UUID) -> Comparison:
    """Raises ComparisonNotFound, also for other people's, and where a climber lets the user in no more.

    Raises:
        ComparisonInTrash: a climb of the user's own is there.
    """
    found = await queries.get(connection, comparison_id, user_id)
    if found is None:
        raise ComparisonNotFound
    ids = _analyses_of(found)
    seen = (await sharing.let_in(connection, ids, user_id)).keys()
    for unseen in ids - seen:
        if await trash_queries.get(connection, unseen, user_id) is not None:
            raise ComparisonInTrash
    if seen != ids:
        raise ComparisonNotFound
    return found


async def list_all(connection: Connection, user_id: UUID, *, analysis_id: UUID | None) -> list[Comparison]:
    """Newest first, without results; those with one analysis, or all. None with what they may see no more."""
    found = await queries.list_of(connection, user_id, analysis_id=analysis_id, limit=MAX_COMPARISONS)
    asked = {one for row in found for one in _analyses_of(row)}
    seen = await sharing_queries.as_user(connection, asked, user_id)
    return [row for row in found if _analyses_of(row) <= seen.keys()]


def _analyses_of(row: Comparison) -> set[UUID]:
    return {row.first.analysis_id, row.second.analysis_id}


async def delete(tx: Transaction, comparison_id: UUID, user_id: UUID) -> None:
    """Take it away; one that runs is stopped. Raises ComparisonNotFound."""
    if not await queries.delete_with_job(tx.connection, comparison_id, user_id):
        raise ComparisonNotFound
