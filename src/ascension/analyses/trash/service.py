"""How climbs go: into the trash and back, or for good, by their owner or when their time in it is over.

What holds a clip's row is alone with it and its analyses. A clip is in the trash only with all of them: they
come back together and go together.
"""

from contextlib import suppress
from functools import partial
from typing import Final
from uuid import UUID

from ascension.accounts import allowances, quota
from ascension.accounts.mail import queries as mail
from ascension.analyses import queries, service
from ascension.analyses.queries import Analysis
from ascension.analyses.trash import queries as trash_queries
from ascension.audit.entries import PLATFORM, Party, account, record
from ascension.errors.analyses import AnalysisEnded, AnalysisNotFound
from ascension.infra.database.primary import Connection, Database, Transaction
from ascension.infra.storage.keys import results_prefix
from ascension.jobs import events
from ascension.jobs import service as jobs
from ascension.jobs.service import JobQueue
from ascension.videos import queries as video_queries
from ascension.videos import service as videos
from ascension.videos.queries import Video

BATCH: Final = 100


async def put(tx: Transaction, queue: JobQueue, analysis_id: UUID, user_id: UUID) -> None:
    """Nobody sees it until it is had back; one that runs is stopped. Raises AnalysisNotFound."""
    analysis = await service.get(tx.connection, analysis_id, user_id)
    await videos.get(tx.connection, analysis.video_id, user_id, lock=True)
    await _put(tx, queue, [await service.get(tx.connection, analysis_id, user_id)])
    _tell(tx, queue, analysis)


async def put_video(tx: Transaction, queue: JobQueue, video_id: UUID, user_id: UUID) -> bool:
    """As one of its analyses, with all of them. False: there is none, so nothing to be had back.

    Raises:
        VideoNotFound.
    """
    await videos.get(tx.connection, video_id, user_id, lock=True)
    found = await queries.list_of_video(tx.connection, video_id, user_id)
    if not found:
        return False
    await _put(tx, queue, found)
    await video_queries.set_trashed(tx.connection, video_id, user_id, is_trashed=True)
    _tell(tx, queue, found[0])
    return True


async def _put(tx: Transaction, queue: JobQueue, found: list[Analysis]) -> None:
    """What works corrections in is left: it takes seconds, and had back, they are in."""
    for analysis in found:
        if analysis.job_state in ("queued", "processing"):
            with suppress(AnalysisEnded):
                await jobs.cancel(tx, queue, analysis.job_id, analysis.user_id)
    ids = [one.id for one in found]
    await mail.drop_about(tx.connection, ids)
    await trash_queries.mark(tx.connection, ids, found[0].user_id, is_trashed=True)


async def restore(tx: Transaction, queue: JobQueue, analysis_id: UUID, user_id: UUID) -> Analysis:
    """Have it back as it was, with its clip and all of it where that is in the trash.

    Raises:
        AnalysisNotFound.
    """
    trashed, video = await _hold(tx.connection, analysis_id, user_id)
    together = [trashed]
    if video.trashed_at is not None:
        together = await queries.list_of_video(tx.connection, video.id, user_id)
        await video_queries.set_trashed(tx.connection, video.id, user_id, is_trashed=False)
    await trash_queries.mark(tx.connection, [one.id for one in together], user_id, is_trashed=False)
    for one in together:
        await record(tx.connection, "analysis.restored", account(user_id), Party("analysis", str(one.id)))
    _tell(tx, queue, trashed)
    return await service.get(tx.connection, analysis_id, user_id)


async def _hold(connection: Connection, analysis_id: UUID, user_id: UUID) -> tuple[Analysis, Video]:
    """What is in the trash, and its clip. Raises AnalysisNotFound."""
    seen = await trash_queries.get(connection, analysis_id, user_id)
    video = None if seen is None else await video_queries.get(connection, seen.video_id, user_id, lock=True)
    trashed = await trash_queries.get(connection, analysis_id, user_id)  # or it is gone, or back
    if video is None or trashed is None:
        raise AnalysisNotFound
    return trashed, video


async def list_page(
    connection: Connection, user_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[Analysis], str | None]:
    """As the list of what is not in the trash."""
    found = await trash_queries.list_page(
        connection, user_id, before_id=service.place_of(cursor), limit=limit + 1
    )
    page = found[:limit]
    return page, str(page[-1].id) if len(found) > limit else None


async def remove(tx: Transaction, analysis_id: UUID, user_id: UUID, *, by: Party) -> None:
    """For good, out of the trash, with its clip and all of it where that is in the trash.

    Raises:
        AnalysisNotFound.
    """
    trashed, video = await _hold(tx.connection, analysis_id, user_id)
    if video.trashed_at is None:
        await _forget(tx, trashed)
    else:
        await _forget_video(tx, video)
        await record(tx.connection, "video.deleted", by, Party("video", str(video.id)))
    await record(tx.connection, "analysis.deleted", by, Party("analysis", str(analysis_id)))


async def empty(database: Database, user_id: UUID) -> None:
    """All that is in it goes for good."""
    while True:
        async with database.transaction() as tx:
            found = await trash_queries.list_page(tx.connection, user_id, before_id=None, limit=BATCH)
        if not found:
            return
        for one in found:
            await _remove_if_there(database, one.id, user_id, by=account(user_id))


async def sweep(database: Database, *, ttl_s: float) -> None:
    """What has been in it for longer goes for good."""
    async with database.transaction() as tx:
        due = await trash_queries.list_due(tx.connection, ttl_s=ttl_s, limit=BATCH)
    for analysis_id, user_id in due:
        await _remove_if_there(database, analysis_id, user_id, by=PLATFORM)


async def _remove_if_there(database: Database, analysis_id: UUID, user_id: UUID, *, by: Party) -> None:
    with suppress(AnalysisNotFound):  # it went with its clip, or was had back just now
        async with database.transaction() as tx:
            await remove(tx, analysis_id, user_id, by=by)


async def delete(tx: Transaction, queue: JobQueue, analysis_id: UUID, user_id: UUID) -> None:
    """For good and at once; one that runs is stopped. The video stays. Raises AnalysisNotFound."""
    analysis = await service.get(tx.connection, analysis_id, user_id)
    await _forget(tx, analysis)
    _tell(tx, queue, analysis)


async def delete_video(tx: Transaction, queue: JobQueue, video_id: UUID, user_id: UUID) -> None:
    """For good and at once, with everything that was made of it. Raises VideoNotFound."""
    video = await videos.get(tx.connection, video_id, user_id, lock=True)
    await _forget_video(tx, video)
    tx.after_commit(partial(events.publish_change, queue.streams, user_id, "video", video_id))


async def _forget_video(tx: Transaction, video: Video) -> None:
    for analysis in await queries.list_of_video(tx.connection, video.id, video.user_id):
        await _forget(tx, analysis)
    await videos.forget(tx, video)


async def _forget(tx: Transaction, analysis: Analysis) -> None:
    await queries.note_uncounted_runs(tx.connection, analysis.user_id, service.HOPELESS)
    if analysis.job_state == "processing":
        await allowances.use(
            tx.connection, "repeated_run", user_id=analysis.user_id, video_id=analysis.video_id
        )
    if analysis.summary is None:
        await quota.refund(tx.connection, user_id=analysis.user_id, subject_id=analysis.id)
    await mail.drop_about(tx.connection, [analysis.id])
    await videos.remove_objects(tx, results_prefix(analysis.user_id, analysis.id))
    await queries.delete_with_job(tx.connection, analysis.id, analysis.user_id)


def _tell(tx: Transaction, queue: JobQueue, analysis: Analysis) -> None:
    tx.after_commit(
        partial(events.publish_change, queue.streams, analysis.user_id, "video", analysis.video_id)
    )
