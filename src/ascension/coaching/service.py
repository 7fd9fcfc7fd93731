"""What coaching does for its user: read the advice on one analysis, and how they change."""

import asyncio
from datetime import date
from typing import Final
from uuid import UUID

from ascension import __version__
from ascension.analyses import service as analyses
from ascension.analyses.queries import StoredResult
from ascension.coaching import queries
from ascension.coaching.languages import Language
from ascension.coaching.progress_reading import progress_of
from ascension.coaching.schemas import CoachingRead, ProgressRead
from ascension.infra.db import Database

_AT_ONCE: Final = asyncio.Semaphore(2)
"""Readings of headers side by side: arithmetic that would keep other requests waiting."""
MOST_ANALYSES: Final = 1000
"""Of the latest, progress is made."""


async def stored_result(database: Database, analysis_id: UUID, user_id: UUID) -> StoredResult:
    """The bytes that the advice is read from. Raises AnalysisNotFound, ResultNotFound."""
    async with database.transaction() as tx:
        return await analyses.result(tx.connection, analysis_id, user_id)


def version_of(stored: StoredResult, language: Language) -> str:
    """The same for the same advice: another result, language or release is another."""
    return f"{stored.result_sha256.hex()}-{language}-{__version__}"


async def coaching(stored: StoredResult, language: Language) -> CoachingRead:
    """Score, advice, measures and moves, read now: a better rule reaches old climbs."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_read, stored.result, language)


def _read(data: bytes, language: Language) -> CoachingRead:
    from ascension.coaching.reading import coaching_of

    return coaching_of(data, language)


async def progress(
    database: Database, user_id: UUID, *, from_day: date | None, until_day: date | None
) -> ProgressRead:
    """Trends, personal bests and the history of each route, from what analyses have stored."""
    async with database.transaction() as tx:
        rows = await queries.list_climbed(
            tx.connection, user_id, from_day=from_day, until_day=until_day, limit=MOST_ANALYSES
        )
    async with _AT_ONCE:
        return await asyncio.to_thread(progress_of, rows)
