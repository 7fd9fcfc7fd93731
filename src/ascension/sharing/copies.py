"""Which copy of a clip others see: without sound and place, maybe with heads covered; never the original."""

from typing import Literal
from uuid import UUID

from ascension.errors.base import ApiError
from ascension.errors.sharing import VideoNotShared
from ascension.errors.videos import CopiedTooOften
from ascension.infra.database.primary import Connection, Database, Transaction
from ascension.jobs.service import JobQueue
from ascension.sharing import copy_queries
from ascension.sharing.queries import Reading
from ascension.videos import queries as video_queries
from ascension.videos.copies import service as copies
from ascension.videos.copies.queries import Copy, State

VideoShown = Literal["shown", "under_way", "failed", "hidden"]


def shown(state: State | None) -> VideoShown:
    """What is to be said of a copy; None: there is none."""
    if state is None:
        return "hidden"
    return "shown" if state == "ready" else "failed" if state == "failed" else "under_way"


async def find(connection: Connection, reading: Reading, video_id: UUID) -> Copy | None:
    """The one that this reader may see, however far it is; None: none."""
    if not reading.with_video:
        return None
    return await copies.find(connection, video_id=video_id, user_id=reading.owner_id, blur=reading.is_blurred)


async def find_preview(connection: Connection, reading: Reading, video_id: UUID) -> Copy | None:
    """The small one, for a browser that cannot play the other. Raises VideoNotShared."""
    _refuse_uncovered(reading)
    return await copies.find_preview(connection, video_id=video_id, user_id=reading.owner_id)


async def ask_preview(tx: Transaction, queue: JobQueue, reading: Reading, video_id: UUID) -> Copy:
    """Have it made, whoever looks: it is one for all. Raises VideoNotShared, CopiedTooOften."""
    _refuse_uncovered(reading)
    try:
        return await copies.ask_preview(tx, queue, video_id=video_id, user_id=reading.owner_id)
    except CopiedTooOften:
        raise
    except ApiError as error:
        raise VideoNotShared from error  # gone, or in the archive: its climber is told more


def _refuse_uncovered(reading: Reading) -> None:
    """A copy with heads covered is small and plays everywhere already."""
    if not reading.with_video or reading.is_blurred:
        raise VideoNotShared


async def ask_for_coach(database: Database, queue: JobQueue, reading: Reading, video_id: UUID) -> Copy | None:
    """A coach who looks has a copy made, once; None: the clip is gone, or the day's copies are made."""
    async with database.transaction() as tx:
        try:
            return await copies.ask(tx, queue, video_id=video_id, user_id=reading.owner_id, blur=False)
        except ApiError:
            return None


async def sweep(tx: Transaction) -> None:
    """Remove copies that nobody may see any more: their links are ended, their coaches or clips gone.

    Asked again behind the lock of the video, which whoever lets somebody see it holds, too.
    """
    for video_id, user_id, is_blurred in await copy_queries.list_unseen(tx.connection):
        if await video_queries.get(tx.connection, video_id, user_id, lock=True) is None:
            continue  # it went meanwhile, with its copies
        if await copy_queries.list_unseen(tx.connection, video_id=video_id, is_blurred=is_blurred):
            await copies.release(tx, video_id=video_id, user_id=user_id, blur=is_blurred)
