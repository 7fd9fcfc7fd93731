"""What videos do: playback links, deletion, expiry. Uploads are in upload_service.py."""

from dataclasses import dataclass
from uuid import UUID

from ascension.errors import StorageUnavailable, UploadExpired, VideoNotFound, VideoNotUploaded
from ascension.infra.db import Connection, Database, Transaction
from ascension.infra.logging import get_logger
from ascension.infra.settings import UploadSettings
from ascension.infra.storage import Storage
from ascension.videos import queries
from ascension.videos.queries import Deletion, Video

PLAYBACK_TTL_S = 15 * 60
MAX_REMOVALS = 200  # in one sweep


@dataclass(frozen=True)
class VideoParts:
    """What videos need of the process."""

    database: Database
    storage: Storage
    settings: UploadSettings


async def get(connection: Connection, video_id: UUID, user_id: UUID, *, lock: bool = False) -> Video:
    """Raises VideoNotFound, also for other people's videos."""
    video = await queries.get(connection, video_id, user_id, lock=lock)
    if video is None:
        raise VideoNotFound
    return video


async def sign_playback(tx: Transaction, parts: VideoParts, video_id: UUID, user_id: UUID) -> str:
    """A link to play the video. Raises VideoNotFound, VideoNotUploaded, UploadExpired."""
    video = await get(tx.connection, video_id, user_id)
    if video.state == "expired":
        raise UploadExpired
    if video.state != "uploaded":
        raise VideoNotUploaded
    return await parts.storage.sign_read(video.object_key, ttl_s=PLAYBACK_TTL_S)


async def forget(tx: Transaction, video: Video) -> None:
    """Remove the row now; the sweep removes the object, as often as it takes until storage agrees."""
    deletion = Deletion(video.object_key, None if video.uploaded_at else video.s3_upload_id)
    await queries.insert_deletion(tx.connection, deletion)
    await queries.delete(tx.connection, video.id)


async def remove_object(tx: Transaction, object_key: str) -> None:
    """Remove an object that belongs to a row which goes in this transaction; the sweep does it."""
    await queries.insert_deletion(tx.connection, Deletion(object_key, None))


async def sweep(database: Database, storage: Storage) -> int:
    """Expire videos past their lifetime and remove objects whose row is gone; how many were removed."""
    async with database.transaction() as tx:
        await queries.expire_due(tx.connection)
    removed = 0
    while removed < MAX_REMOVALS and await _remove_next(database, storage):
        removed += 1
    return removed


async def _remove_next(database: Database, storage: Storage) -> bool:
    """Remove one object, in a transaction of its own: slow storage must not undo what was done."""
    async with database.transaction() as tx:
        deletion = await queries.take_deletion(tx.connection)
        if deletion is None:
            return False
        try:
            await storage.delete(deletion.object_key, deletion.s3_upload_id)
        except StorageUnavailable:
            get_logger().warning("object_not_removed", object_key=deletion.object_key)
            return False
        await queries.delete_deletion(tx.connection, deletion.object_key)
        return True
