"""What coaching does for its user: read the advice on one analysis, and how they change."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from ascension import __version__
from ascension.accounts.choices import Language, Units
from ascension.analyses import service as analyses
from ascension.analyses.queries import StoredResult
from ascension.coaching import queries
from ascension.coaching.model_wording import Wording
from ascension.coaching.progress_reading import progress_of
from ascension.coaching.schemas import CoachingRead, ProgressRead
from ascension.infra.database.primary import Database, OpenTransaction

_AT_ONCE: Final = asyncio.Semaphore(2)
"""Readings of headers side by side: arithmetic that would keep other requests waiting."""
MOST_ANALYSES: Final = 1000
"""Of the latest, progress is made."""


@dataclass(frozen=True)
class Advised:
    """What the advice on one analysis is read from, in one language and in units."""

    stored: StoredResult
    wording: Wording | None
    language: Language
    units: Units

    @property
    def version(self) -> str:
        """The same for the same advice: another result, wording, language, unit or release is another."""
        worded = f"-{self.wording.worded_at.timestamp():.6f}" if self.wording else ""
        return f"{self.stored.result_sha256.hex()}-{self.language}-{self.units}-{__version__}{worded}"


async def advised(
    database: Database, analysis_id: UUID, user_id: UUID, language: Language, units: Units
) -> Advised:
    """Raises AnalysisNotFound, ResultNotFound."""
    async with database.transaction() as tx:
        stored = await analyses.result(tx.connection, analysis_id, user_id)
        wording = await queries.get_wording(tx.connection, analysis_id, language)
        return Advised(stored, wording, language, units)


async def coaching(found: Advised) -> CoachingRead:
    """Score, advice, measures and moves, read now: a better rule reaches old climbs.

    Raises ResultUnreadable.
    """
    async with _AT_ONCE:
        return await asyncio.to_thread(_read, found)


def _read(found: Advised) -> CoachingRead:
    from ascension.coaching.reading import coaching_of

    try:
        return coaching_of(found.stored.result, found.language, found.wording, found.units)
    except ValueError as error:
        raise analyses.unreadable(found.stored, error) from error


async def progress(
    reads: OpenTransaction, user_id: UUID, *, from_day: date | None, until_day: date | None
) -> ProgressRead:
    """Trends, personal bests and the history of each route, from what analyses have stored."""
    async with reads() as tx:
        rows = await queries.list_climbed(
            tx.connection, user_id, from_day=from_day, until_day=until_day, limit=MOST_ANALYSES
        )
    async with _AT_ONCE:
        return await asyncio.to_thread(progress_of, rows)
