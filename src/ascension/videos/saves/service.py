"""Saving a video and giving it up again: storage copies the object to another prefix, then the row follows.

Safe at every point: the row names the old object until the copy is whole and checked. A process that dies in
between leaves a copy that no row names: the next move writes it again, or `ascension storage check` finds it.
Two moves of one video never overlap: a lease on the row keeps them apart, and it runs out by itself.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from uuid import UUID, uuid4

from ascension.accounts import allowances
from ascension.accounts import queries as account_queries
from ascension.accounts.allowances import Allowance
from ascension.errors.accounts import SessionRevoked
from ascension.errors.base import AscensionError
from ascension.errors.http import StorageUnavailable
from ascension.errors.videos import (
    MovedTooOften,
    SavedRoomFull,
    UploadExpired,
    VideoArchived,
    VideoMoving,
    VideoNotFound,
)
from ascension.infra.database.primary import Transaction
from ascension.infra.storage import copying
from ascension.infra.storage.keys import saved_key, upload_key
from ascension.infra.storage.objects import ObjectFrozenError, ObjectMissingError, composite_checksum
from ascension.jobs.service import JobQueue
from ascension.videos import queries
from ascension.videos.copies import service as copies
from ascension.videos.parts import VideoParts
from ascension.videos.queries import Deletion, Video
from ascension.videos.saves import queries as saving_queries
from ascension.videos.saves.queries import Move
from ascension.videos.service import get, note_vanished, refuse_unreadable
from ascension.videos.uploads import queries as upload_queries

LEASE_S = 120  # 500 MB are copied in a tenth of it
WAIT_S = 10  # for a move that is under way
WAIT_STEP_S = 0.2


async def save(parts: VideoParts, queue: JobQueue, video_id: UUID, user_id: UUID) -> Video:
    """Keep the video until its user gives it up. A second call answers the same.

    It is kept at once, as it was sent; a job then puts its pictures alone in its place (`copies`).

    Raises:
        VideoNotFound, VideoNotUploaded, UploadExpired, SavedRoomFull, MovedTooOften, VideoMoving,
        VideoArchived, VideoLost, StorageUnavailable.
    """
    video = await _move(parts, video_id, user_id, is_to_save=True)
    if video.cleaned_at is not None or video.cleaning == "under_way":
        return video
    async with parts.database.transaction() as tx:
        video = await get(tx.connection, video_id, user_id, lock=True)
        if video.saved_at is not None and video.cleaned_at is None:
            await copies.ask_cleaning(tx, queue, video_id=video_id, user_id=user_id)
        return await get(tx.connection, video_id, user_id)


async def give_up(parts: VideoParts, video_id: UUID, user_id: UUID) -> Video:
    """Undo saving: the video lives as long as one just uploaded. A second call answers the same.

    Raises:
        VideoNotFound, VideoNotUploaded, UploadExpired, MovedTooOften, VideoArchived, VideoMoving, VideoLost,
        StorageUnavailable.
    """
    return await _move(parts, video_id, user_id, is_to_save=False)


async def _move(parts: VideoParts, video_id: UUID, user_id: UUID, *, is_to_save: bool) -> Video:
    move = Move(uuid4(), video_id, user_id)
    video = await _begin(parts, move, is_to_save=is_to_save)
    if _is_there(video, is_to_save=is_to_save):
        return video
    target_key = _key(video, is_to_save=is_to_save)
    is_copied = False
    try:
        async with _held(parts, move):
            await _copy(parts, video, target_key)
        is_copied = True
    finally:
        if not is_copied:
            async with parts.database.transaction() as tx:
                if await saving_queries.end_move(tx.connection, move):
                    await queries.insert_deletion(tx.connection, Deletion(target_key, None))
    return await _conclude(parts, video, move, target_key, is_to_save=is_to_save)


def _key(video: Video, *, is_to_save: bool) -> str:
    return (saved_key if is_to_save else upload_key)(video.user_id, video.id)


def _is_there(video: Video, *, is_to_save: bool) -> bool:
    return (video.saved_at is not None) == is_to_save


async def _begin(parts: VideoParts, move: Move, *, is_to_save: bool) -> Video:
    """The video, its move ours unless it is there already. Waits for one that is under way."""
    for _ in range(int(WAIT_S / WAIT_STEP_S)):
        async with parts.database.transaction() as tx:
            video = await get(tx.connection, move.video_id, move.user_id, lock=True)
            refuse_unreadable(video)
            if _is_there(video, is_to_save=is_to_save):
                return video
            if not video.is_moving:
                if is_to_save:
                    await _take_room(tx, parts, video)
                await _count_move(tx, parts, video)
                await saving_queries.begin_move(tx.connection, move, lease_s=LEASE_S)
                # the object of before may still wait for its removal at the place where the copy is to lie
                await queries.delete_deletion(tx.connection, _key(video, is_to_save=is_to_save))
                return video
        await asyncio.sleep(WAIT_STEP_S)
    raise VideoMoving


async def _count_move(tx: Transaction, parts: VideoParts, video: Video) -> None:
    """Each is a copy of up to 500 MB. Raises MovedTooOften."""
    settings, whose = parts.retention, {"user_id": video.user_id, "video_id": video.id}
    allowance = Allowance("move", settings.saved_max_moves_per_video, settings.saved_max_moves_per_user)
    await allowances.refuse_more(tx.connection, allowance, MovedTooOften, **whose)
    await allowances.use(tx.connection, "move", **whose)


@asynccontextmanager
async def _held(parts: VideoParts, move: Move) -> AsyncGenerator[None]:
    """Renew the lease while the body copies: a move without one is not counted, and not concluded."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(LEASE_S / 4)
            with suppress(AscensionError):  # then the next time, or the lease runs out
                async with parts.database.transaction() as tx:
                    await saving_queries.renew_move(tx.connection, move, lease_s=LEASE_S)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()


async def _take_room(tx: Transaction, parts: VideoParts, video: Video) -> None:
    """Raises SavedRoomFull. The user's row is locked: requests side by side must not share the last room."""
    user = await account_queries.get_user(tx.connection, video.user_id)
    if user is None:
        raise SessionRevoked
    await account_queries.lock_user(tx.connection, user.id)
    max_bytes = parts.plans.rights_of(user.tier).saved_max_bytes
    used_bytes = await saving_queries.count_saved_bytes(tx.connection, user.id)
    if used_bytes + video.size_bytes > max_bytes:
        raise SavedRoomFull(
            f"Your plan keeps {max_bytes / 1e9:g} GB of saved videos; {used_bytes / 1e9:.2f} GB are in use,"
            f" and this one needs {video.size_bytes / 1e9:.2f}. Give up one that you no longer need."
        )


async def _copy(parts: VideoParts, video: Video, target_key: str) -> None:
    """Copy the object and compare the copy with what was signed at the upload."""
    async with parts.database.transaction() as tx:
        digests = await upload_queries.part_digests(tx.connection, video.id, video.user_id)
    pieces: list[copying.PartOfCopy] = []
    first_byte = 0
    for number in range(1, video.part_count + 1):
        last_byte = first_byte + video.part_bytes(number) - 1
        pieces.append(copying.PartOfCopy(number, first_byte, last_byte, digests[number]))
        first_byte = last_byte + 1
    try:
        await copying.copy(
            parts.storage, video.object_key, target_key, pieces, content_type=video.content_type
        )
    except ObjectMissingError:
        raise await note_vanished(parts, video) from None
    except ObjectFrozenError:
        raise VideoArchived from None
    copied = await parts.storage.head(target_key)
    expected = composite_checksum([piece.sha256 for piece in pieces])
    if (copied.size_bytes, copied.checksum_sha256) != (video.size_bytes, expected):
        raise StorageUnavailable("The storage's copy of the video differs from it. It stays where it was.")


async def _conclude(
    parts: VideoParts, video: Video, move: Move, target_key: str, *, is_to_save: bool
) -> Video:
    async with parts.database.transaction() as tx:
        if is_to_save:
            moved = await saving_queries.moved_to_saved(tx.connection, move, target_key)
        else:
            await copies.give_up_cleaning(tx, video_id=video.id, user_id=video.user_id)
            moved = await saving_queries.moved_to_uploads(
                tx.connection, move, target_key, ttl_s=parts.settings.upload_ttl_s
            )
        current = await queries.get(tx.connection, video.id, video.user_id)
        if moved:
            # links that were given out, and a worker that is reading, go on for as long as they may
            left = Deletion(video.object_key, None)
            await queries.insert_deletion(tx.connection, left, grace_s=parts.retention.moved_object_grace_s)
        elif current is None or (current.object_key != target_key and not current.is_moving):
            await queries.insert_deletion(tx.connection, Deletion(target_key, None))
    if current is None:
        raise VideoNotFound
    if not moved and not _is_there(current, is_to_save=is_to_save):
        raise UploadExpired if current.state == "expired" else VideoMoving
    return current
