"""What readers see of an analysis: read as its owner's, once it is known that they let the reader in."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from ascension.accounts import queries as accounts
from ascension.accounts.choices import Language, Units
from ascension.analyses import service as analyses
from ascension.analyses.queries import Analysis, StoredResult
from ascension.coaching import service as coaching
from ascension.coaching.schemas import CoachingRead
from ascension.errors.analyses import WallPictureNotFound
from ascension.errors.sharing import VideoNotShared
from ascension.infra.database.primary import Connection, Database, Transaction
from ascension.infra.storage.objects import Storage
from ascension.jobs.service import JobQueue
from ascension.sharing import copies, queries
from ascension.sharing.coaches import queries as coaches
from ascension.sharing.copies import VideoShown
from ascension.sharing.queries import Reading
from ascension.videos.copies import service as video_copies
from ascension.videos.copies.schemas import PreviewRead

LINK_TTL_S: Final = 15 * 60
"""Of signed links: what was withdrawn stays readable by those that were handed out before, no longer."""
_AT_ONCE: Final = asyncio.Semaphore(2)
"""Results unpacked and packed side by side: other requests wait for the same processor."""
MOST_MADE: Final = 16
_MADE: Final = OrderedDict[tuple[bytes, bool], bytes]()
"""Results as others see them, the latest that were asked for.

By the digest of the whole one, and whether with its wall picture.
"""


@dataclass(frozen=True)
class Look:
    """`climber`: their name, where it is shown."""

    analysis: Analysis
    climber: str | None
    video: VideoShown


async def let_in(
    connection: Connection, analysis_ids: Collection[UUID], user_id: UUID
) -> dict[UUID, Reading]:
    """Those that this account may see. A coach's look is noted: the climber is told of the last."""
    found = await queries.as_user(connection, analysis_ids, user_id)
    for climber_id in {reading.owner_id for reading in found.values() if reading.role == "coach"}:
        await coaches.note_seen(connection, climber_id, user_id)
    return found


async def look(database: Database, queue: JobQueue, reading: Reading) -> Look:
    """The analysis. A coach who looks has a copy of the clip made, once. Raises AnalysisNotFound."""
    async with database.transaction() as tx:
        analysis = await analyses.get(tx.connection, reading.analysis_id, reading.owner_id)
        copy = await copies.find(tx.connection, reading, analysis.video_id)
        climber = await accounts.get_user(tx.connection, reading.owner_id) if reading.with_name else None
    if reading.role == "coach" and (copy is None or copy.state == "failed"):
        copy = await copies.ask_for_coach(database, queue, reading, analysis.video_id) or copy
    return Look(analysis, climber.display_name if climber else None, copies.shown(copy and copy.state))


async def sign_video(tx: Transaction, storage: Storage, reading: Reading) -> str:
    """A link to the copy that this reader may see. Raises AnalysisNotFound, VideoNotShared."""
    analysis = await analyses.get(tx.connection, reading.analysis_id, reading.owner_id)
    copy = await copies.find(tx.connection, reading, analysis.video_id)
    if copy is None or copy.state != "ready":
        raise VideoNotShared
    return await video_copies.sign(storage, copy, ttl_s=LINK_TTL_S)


async def ask_preview(tx: Transaction, queue: JobQueue, storage: Storage, reading: Reading) -> PreviewRead:
    """Raises AnalysisNotFound, VideoNotShared, CopiedTooOften."""
    analysis = await analyses.get(tx.connection, reading.analysis_id, reading.owner_id)
    asked = await copies.ask_preview(tx, queue, reading, analysis.video_id)
    return await video_copies.told(storage, asked, ttl_s=LINK_TTL_S)


async def read_preview(tx: Transaction, storage: Storage, reading: Reading) -> PreviewRead:
    """Raises AnalysisNotFound, VideoNotShared."""
    analysis = await analyses.get(tx.connection, reading.analysis_id, reading.owner_id)
    found = await copies.find_preview(tx.connection, reading, analysis.video_id)
    return await video_copies.told(storage, found, ttl_s=LINK_TTL_S)


async def result(database: Database, reading: Reading) -> bytes:
    """The result, without what the climber told of their body.

    Raises AnalysisNotFound, ResultNotFound, ResultUnreadable.
    """
    async with database.transaction() as tx:
        stored = await analyses.result(tx.connection, reading.analysis_id, reading.owner_id)
    return await bodiless(stored, with_wall_picture=reading.with_wall_picture)


async def advice(database: Database, reading: Reading, language: Language, units: Units) -> CoachingRead:
    """What coaching says, without figures that tell of the body.

    Raises AnalysisNotFound, ResultNotFound, ResultUnreadable.
    """
    found = await coaching.advised(database, reading.analysis_id, reading.owner_id, language, units)
    result = await bodiless(found.stored, with_wall_picture=reading.with_wall_picture)
    stored = replace(found.stored, result=result)
    return await coaching.coaching(replace(found, stored=stored))


async def bodiless(stored: StoredResult, *, with_wall_picture: bool) -> bytes:
    """A result as others see it, made once: whoever has the link may ask again and again.

    Raises ResultUnreadable.
    """
    key = (stored.result_sha256, with_wall_picture)
    async with _AT_ONCE:
        made = _MADE.pop(key, None)
        if made is None:
            made = await asyncio.to_thread(_without_body, stored, with_wall_picture)
        _MADE[key] = made
        if len(_MADE) > MOST_MADE:
            _MADE.popitem(last=False)
    return made


def _without_body(stored: StoredResult, with_wall_picture: bool) -> bytes:
    from ascension.analyses.told_to_others import without_body

    try:
        return without_body(stored.result, with_wall_picture=with_wall_picture)
    except (ValueError, KeyError) as error:
        raise analyses.unreadable(stored, error) from error


async def sign_wall_picture(tx: Transaction, storage: Storage, reading: Reading) -> str:
    """Raises AnalysisNotFound, WallPictureNotFound."""
    if not reading.with_wall_picture:
        raise WallPictureNotFound
    return await analyses.sign_wall_picture(
        tx,
        storage,
        reading.analysis_id,
        reading.owner_id,
        covered=reading.is_blurred,
        ttl_s=LINK_TTL_S,
    )
