"""Which copy of a clip others see: without sound and place, maybe with heads covered; never the original."""

from typing import Literal
from uuid import UUID

from psycopg.rows import tuple_row

from ascension.errors.base import ApiError
from ascension.errors.videos import VideoNotFound
from ascension.infra.database.primary import Connection, Database, Transaction
from ascension.jobs.service import JobQueue
from ascension.sharing.queries import Reading
from ascension.videos import service as videos
from ascension.videos.copies import service as copies
from ascension.videos.copies.queries import Copy, State

VideoShown = Literal["shown", "under_way", "failed", "hidden"]
MOST_RELEASED = 100  # in one sweep
UNSEEN_S = 600  # one that is new may be asked for by what is not committed yet


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


async def ask_for_coach(database: Database, queue: JobQueue, reading: Reading, video_id: UUID) -> Copy | None:
    """A coach who looks has a copy made, once; None: the clip is gone, or the day's copies are made."""
    async with database.transaction() as tx:
        try:
            return await copies.ask(tx, queue, video_id=video_id, user_id=reading.owner_id, blur=False)
        except ApiError:
            return None


async def _unseen(
    connection: Connection, *, video_id: UUID | None = None, is_blurred: bool | None = None
) -> list[tuple[UUID, UUID, bool]]:
    """Copies that nobody may see any more: their video, whose it is, and whether heads are covered.

    Of a clip that is not saved nobody sees more than its climber: when it is gone, its copies go. Else a copy
    stays while a link or a coach may see it, by the conditions of `queries`.

    video_id, is_blurred: of this one alone.
    """
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            """
            select c.video_id, c.user_id, c.purpose = 'blurred'
            from video_copies c join videos v on v.id = c.video_id
            where c.purpose in ('shared', 'blurred')
                and c.created_at < now() - make_interval(secs => %(unseen_s)s)
                and (%(video_id)s::uuid is null or c.video_id = %(video_id)s)
                and (%(is_blurred)s::boolean is null or (c.purpose = 'blurred') = %(is_blurred)s)
                and ((v.saved_at is null and (v.state = 'expired' or v.expires_at <= now()))
                    or (not exists (
                            select from shares s join analyses a on a.id = s.analysis_id
                            where a.video_id = c.video_id and s.with_video and s.expires_at > now()
                                and s.is_blurred = (c.purpose = 'blurred'))
                        and not (c.purpose = 'shared' and exists (
                            select from coach_grants g join analyses a on a.user_id = g.user_id
                            where a.video_id = c.video_id and g.coach_id is not null
                                and (g.with_past or a.created_at >= g.created_at)))))
            order by c.video_id, c.purpose limit %(most)s
            """,
            {"unseen_s": UNSEEN_S, "video_id": video_id, "is_blurred": is_blurred, "most": MOST_RELEASED},
        )
        return await cursor.fetchall()


async def sweep(tx: Transaction) -> None:
    """Remove copies that nobody may see any more: their links are ended, their coaches or clips gone.

    Asked again behind the lock of the video, which whoever lets somebody see it holds, too.
    """
    for video_id, user_id, is_blurred in await _unseen(tx.connection):
        try:
            await videos.get(tx.connection, video_id, user_id, lock=True)
        except VideoNotFound:
            continue  # it went meanwhile, with its copies
        if await _unseen(tx.connection, video_id=video_id, is_blurred=is_blurred):
            await copies.release(tx, video_id=video_id, user_id=user_id, blur=is_blurred)
