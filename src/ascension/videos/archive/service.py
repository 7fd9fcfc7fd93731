"""The archive. The bucket's rule moves saved videos to cheaper classes; here that is noticed, and undone.

GLACIER_IR answers at once. What lies deeper (off unless the operator turns it on) has to be asked for first.
"""

from uuid import UUID

from ascension.errors.http import StorageUnavailable
from ascension.infra.database.primary import Database
from ascension.infra.logging import get_logger
from ascension.infra.storage.lifetimes import RESTORE_HOURS, RESTORED_DAYS
from ascension.infra.storage.objects import ObjectMissingError, Storage
from ascension.videos.archive import queries
from ascension.videos.parts import VideoParts
from ascension.videos.queries import Video, note_archive_state
from ascension.videos.service import get, look_up

MAX_CHECKS = 50  # in one sweep


async def restore(parts: VideoParts, video_id: UUID, user_id: UUID) -> Video:
    """Ask storage for a copy that can be played. What can be played already is left alone.

    Raises:
        VideoNotFound, VideoNotUploaded, UploadExpired, VideoLost, StorageUnavailable.
    """
    video = await look_up(parts, video_id, user_id)
    if video.archive_state != "frozen":
        return video
    await parts.storage.restore(video.object_key, days=RESTORED_DAYS)
    async with parts.database.transaction() as tx:
        await queries.begin_restore(tx.connection, video_id, user_id, hours=RESTORE_HOURS)
        return await get(tx.connection, video_id, user_id)


async def sweep(database: Database, storage: Storage, *, deep_archive: bool) -> int:
    """Ask storage for the classes that may have changed, and write them down; how many were asked for.

    One that storage refuses to tell is looked at again when its turn comes, and holds up nothing behind it.
    Raises StorageUnavailable where it does not answer at all.
    """
    async with database.transaction() as tx:
        videos = await queries.due(tx.connection, deep_archive=deep_archive, limit=MAX_CHECKS)
    refused = 0
    for video in videos:
        stored = None
        try:
            stored = await storage.head(video.object_key)
        except ObjectMissingError:
            get_logger().error("saved_object_missing", object_key=video.object_key)
        except StorageUnavailable:
            await storage.ping()
            refused += 1
            get_logger().warning("archive_state_refused", object_key=video.object_key)
        async with database.transaction() as tx:
            if stored is None:
                await queries.note_asked(tx.connection, video.object_key)
            else:
                await note_archive_state(tx.connection, video.object_key, stored)
    if refused:
        get_logger().error("archive_states_refused", refused=refused, asked=len(videos))
    return len(videos)
