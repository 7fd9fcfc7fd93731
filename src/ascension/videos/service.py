"""What videos do: playback, deletion, expiry. Uploads: upload_service.py; saving: saving_service.py."""

from collections.abc import Sequence
from uuid import UUID

from ascension.errors.base import ApiError
from ascension.errors.http import StorageUnavailable
from ascension.errors.videos import (
    UploadExpired,
    VideoArchived,
    VideoInTrash,
    VideoLost,
    VideoNotFound,
    VideoNotUploaded,
    VideoRestoring,
)
from ascension.infra.database.primary import Connection, Database, Transaction
from ascension.infra.logging import get_logger
from ascension.infra.storage import removal
from ascension.infra.storage.keys import clean_key, saved_key, upload_key
from ascension.infra.storage.objects import ObjectMissingError, Storage
from ascension.videos import queries
from ascension.videos.parts import VideoParts
from ascension.videos.queries import Deletion, Video

PLAYBACK_TTL_S = 15 * 60
MAX_REMOVALS = 200  # in one sweep


async def get(connection: Connection, video_id: UUID, user_id: UUID, *, lock: bool = False) -> Video:
    """Raises VideoNotFound, also for other people's; VideoInTrash, which is one, for the user's own."""
    video = await queries.get(connection, video_id, user_id, lock=lock)
    if video is None:
        raise VideoNotFound
    if video.trashed_at is not None:
        raise VideoInTrash
    return video


async def sign_playback(parts: VideoParts, video_id: UUID, user_id: UUID) -> str:
    """A link to play the video. Storage is asked first: a link to nothing would be no answer.

    Raises:
        VideoNotFound, VideoNotUploaded, UploadExpired, VideoArchived, VideoRestoring, VideoLost,
        StorageUnavailable.
    """
    video = await look_up(parts, video_id, user_id)
    refuse_unreadable(video)
    return await parts.storage.sign_read(video.object_key, ttl_s=PLAYBACK_TTL_S)


async def look_up(parts: VideoParts, video_id: UUID, user_id: UUID) -> Video:
    """The uploaded video, and on its row what storage says of its object now.

    Raises:
        VideoNotFound, VideoNotUploaded, UploadExpired, VideoLost, StorageUnavailable.
    """
    async with parts.database.transaction() as tx:
        video = await get(tx.connection, video_id, user_id)
    refuse_unstored(video)
    try:
        stored = await parts.storage.head(video.object_key)
    except ObjectMissingError:
        error = await note_vanished(parts, video)
        async with parts.database.transaction() as tx:
            moved = await get(tx.connection, video_id, user_id)
        if moved.object_key == video.object_key:
            raise error from None
        return moved  # saved, or given up, while we asked
    if (queries.archive_state_of(stored), stored.restored_until) == (
        video.archive_state,
        video.restored_until,
    ):
        return video
    async with parts.database.transaction() as tx:
        await queries.note_archive_state(tx.connection, video.object_key, stored)
        return await get(tx.connection, video_id, user_id)


def refuse_unstored(video: Video) -> None:
    """Raises UploadExpired, VideoNotUploaded: there is no object to read."""
    if video.state == "expired":
        raise UploadExpired
    if video.state != "uploaded":
        raise VideoNotUploaded


def refuse_unreadable(video: Video) -> None:
    """Raises UploadExpired, VideoNotUploaded, VideoArchived, VideoRestoring."""
    refuse_unstored(video)
    if video.archive_state == "frozen":
        raise VideoArchived
    if video.archive_state == "restoring":
        raise VideoRestoring


async def note_vanished(parts: VideoParts, video: Video) -> ApiError:
    """Storage does not have the video's object: what to tell its user, and an unsaved one's row says expired.

    The bucket's rule may have been first. A saved one must never vanish: its row stays, and the log tells,
    because a bucket that was swapped by mistake must not end anything.

    Raises:
        StorageUnavailable: the bucket itself does not answer.
    """
    await parts.storage.ping()
    if video.saved_at is not None:
        get_logger().error("saved_object_missing", object_key=video.object_key)
        return VideoLost()
    async with parts.database.transaction() as tx:
        await queries.expire_vanished(tx.connection, video.object_key)
    return UploadExpired()


async def forget(tx: Transaction, video: Video) -> None:
    """Remove the row now; the sweep removes the object, as often as it takes until storage agrees."""
    sent = upload_key(video.user_id, video.id)
    upload_id = None if video.uploaded_at else video.s3_upload_id
    await queries.insert_deletion(tx.connection, Deletion(sent, upload_id))
    for key_of in (saved_key, clean_key):  # a move may have left it in more than one place
        await queries.insert_deletion(tx.connection, Deletion(key_of(video.user_id, video.id), None))
    await queries.delete(tx.connection, video.id, video.user_id)


async def remove_objects(tx: Transaction, prefix: str) -> None:
    """Remove all below a prefix, which ends in `/`: its row goes in this transaction, the sweep follows."""
    await queries.insert_deletion(tx.connection, Deletion(prefix, None))


async def sweep(database: Database, storage: Storage) -> int:
    """Expire videos past their lifetime and remove objects whose row is gone; how many were removed.

    What storage does not remove is left for the next sweep, and holds up nothing behind it. Raises
    StorageUnavailable where it does not answer at all.
    """
    async with database.transaction() as tx:
        await queries.expire_due(tx.connection)
    removed = 0
    kept: list[str] = []
    while removed + len(kept) < MAX_REMOVALS:
        deletion, is_removed = await _remove_next(database, storage, kept)
        if deletion is None:
            break
        if is_removed:
            removed += 1
        else:
            await storage.ping()
            kept.append(deletion.object_key)
    return removed


async def _remove_next(
    database: Database, storage: Storage, kept: Sequence[str]
) -> tuple[Deletion | None, bool]:
    """Remove one object, in a transaction of its own: slow storage must not undo what was done."""
    async with database.transaction() as tx:
        deletion = await queries.take_deletion(tx.connection, but=kept)
        if deletion is None:
            return None, False
        try:
            if deletion.s3_upload_id:
                await storage.abort_upload(deletion.object_key, deletion.s3_upload_id)
            if deletion.object_key.endswith("/"):
                await removal.remove_all(storage, deletion.object_key)
            else:
                await removal.remove(storage, deletion.object_key)
        except StorageUnavailable:
            get_logger().warning("object_not_removed", object_key=deletion.object_key)
            return deletion, False
        await queries.delete_deletion(tx.connection, deletion.object_key)
        return deletion, True
