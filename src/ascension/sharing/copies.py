"""Which copy of a clip others see: without sound and place, maybe with heads covered; never the original."""

from typing import Literal
from uuid import UUID

from psycopg.rows import tuple_row

from ascension.errors.base import ApiError
from ascension.infra.database.primary import Connection, Database, Transaction
from ascension.jobs.service import JobQueue
from ascension.sharing.queries import Reading
from ascension.videos.copies import service as copies
from ascension.videos.copies.queries import Copy

VideoShown = Literal["shown", "under_way", "failed", "hidden"]
MOST_RELEASED = 100  # in one sweep
UNSEEN_S = 600  # one that is new may be asked for by what is not committed yet


def shown(copy: Copy | None) -> VideoShown:
    """What is to be said of it."""
    if copy is None:
        return "hidden"
    return "shown" if copy.state == "ready" else "failed" if copy.state == "failed" else "under_way"


async def find(connection: Connection, reading: Reading, video_id: UUID) -> Copy | None:
    """The one that this reader may see, however far it is; None: none."""
    if not reading.with_video:
        return None
    return await copies.find(connection, video_id=video_id, user_id=reading.owner_id, blur=reading.is_blurred)


async def ask_for_coach(database: Database, queue: JobQueue, reading: Reading, video_id: UUID) -> Copy | None:
    """A coach who looks has a copy made, once; None: the clip is gone, or the day's copies are made."""
    async with database.transaction() as tx:
        try:
            return await copies.ask(tx, queue, video_id=video_id, user_id=reading.owner_id, blur=False)
        except ApiError:
            return None


async def _unseen(connection: Connection) -> list[tuple[UUID, UUID, bool]]:
    """Copies that nobody may see any more: their video, whose it is, and whether heads are covered."""
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            """
            select c.video_id, c.user_id, c.purpose = 'blurred'
            from video_copies c
            where c.purpose in ('shared', 'blurred') and c.created_at < now() - make_interval(secs => %s)
                and not exists (
                    select from shares s join analyses a on a.id = s.analysis_id
                    where a.video_id = c.video_id and s.with_video and s.expires_at > now()
                        and s.is_blurred = (c.purpose = 'blurred'))
                and not (c.purpose = 'shared' and exists (
                    select from coach_grants g where g.user_id = c.user_id and g.coach_id is not null))
            limit %s
            """,
            (UNSEEN_S, MOST_RELEASED),
        )
        return await cursor.fetchall()


async def sweep(tx: Transaction) -> None:
    """Remove copies that nobody may see any more: their links are ended, their coaches gone."""
    for video_id, user_id, is_blurred in await _unseen(tx.connection):
        await copies.release(tx, video_id=video_id, user_id=user_id, blur=is_blurred)
