"""A climb is compared with the walls of earlier ones, once, when its page is looked at for the first time.

Workers may not make jobs, and what nobody looks at is not worth one. The climber answers; nothing is applied
before. Coaches and guests are told nothing of it.
"""

from typing import Final
from uuid import UUID

from uuid_utils.compat import uuid7

from ascension.accounts import queries as account_queries
from ascension.analyses import service as analyses
from ascension.errors.accounts import SessionRevoked
from ascension.errors.analyses import ResultNotFound
from ascension.errors.routes import SuggestionNotFound
from ascension.infra.database.primary import Connection, Transaction
from ascension.jobs import service as jobs
from ascension.jobs.service import JobQueue
from ascension.routes import queries as routes
from ascension.routes.recognition import queries
from ascension.routes.recognition.queries import Recognition

KIND: Final = "recognition"


async def ask(tx: Transaction, queue: JobQueue, analysis_id: UUID, user_id: UUID) -> Recognition | None:
    """What is known of the wall, worked out if it never was; None: there is nothing to compare it with.

    Raises AnalysisNotFound, ResultNotFound, SessionRevoked.
    """
    await account_queries.lock_user(tx.connection, user_id)  # two who ask at once get one job
    known = await find(tx.connection, analysis_id, user_id)
    if known is not None or not await queries.has_candidates(tx.connection, analysis_id, user_id):
        return known
    user = await account_queries.get_user(tx.connection, user_id)
    if user is None:
        raise SessionRevoked
    recognition_id = uuid7()
    job_id = await jobs.enqueue(
        tx, queue, kind=KIND, subject_id=recognition_id, user_id=user_id, tier=user.tier
    )
    await queries.insert(
        tx.connection, recognition_id, analysis_id=analysis_id, user_id=user_id, job_id=job_id
    )
    return await queries.get(tx.connection, analysis_id, user_id)


async def find(connection: Connection, analysis_id: UUID, user_id: UUID) -> Recognition | None:
    """None: it was never asked for. Raises AnalysisNotFound, ResultNotFound."""
    analysis = await analyses.get(connection, analysis_id, user_id)
    if analysis.summary is None:
        raise ResultNotFound
    return await queries.get(connection, analysis_id, user_id)


async def answer(connection: Connection, analysis_id: UUID, user_id: UUID, said: str) -> Recognition:
    """`same` puts the climb on the route. Raises AnalysisNotFound, ResultNotFound, SuggestionNotFound."""
    found = await find(connection, analysis_id, user_id)
    if found is None or found.route_id is None:
        raise SuggestionNotFound
    if said == "same":
        await routes.put_climb(connection, found.route_id, analysis_id, user_id)
    await queries.set_answer(connection, analysis_id, user_id, said)
    return await find(connection, analysis_id, user_id) or found
