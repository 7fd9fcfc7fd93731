"""The multipart upload contract: open, sign a part, list the parts, complete."""

import base64
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

from prometheus_client import Counter
from uuid_utils.compat import uuid7

from ascension.accounts import queries as account_queries
from ascension.accounts.idempotency import create_once
from ascension.errors.http import Malformed, StorageFull, StorageUnavailable, TooLarge
from ascension.errors.videos import (
    UploadExpired,
    UploadFinished,
    UploadIncomplete,
    UploadMismatch,
    UploadNotVideo,
    UploadsFull,
    VideoNotFound,
)
from ascension.infra.database.primary import Transaction
from ascension.infra.settings import UploadSettings
from ascension.infra.storage.keys import upload_key
from ascension.infra.storage.objects import ObjectMissingError, Storage, StoredPart, composite_checksum
from ascension.videos import queries
from ascension.videos.parts import VideoParts
from ascension.videos.queries import Deletion, Video
from ascension.videos.service import get
from ascension.videos.uploads import queries as upload_queries
from ascension.videos.uploads import sniffing
from ascension.videos.uploads.queries import NewVideo

Outcome = Literal[
    "opened",
    "completed",
    "confirmed_by_event",
    "confirmed_by_sweep",
    "incomplete",
    "mismatched",
    "expired",
    "abandoned",
]
PART_LINK_TTL_S = 15 * 60
MIB = 1024 * 1024
MIN_PART_BYTES, MAX_PART_BYTES = 5 * MIB, 15 * MIB
USUAL_PARTS = 32
OUTCOMES = Counter("ascension_uploads_total", "Uploads by what became of them in this process", ["outcome"])
for _outcome in get_args(Outcome):
    OUTCOMES.labels(_outcome)  # there from the start: a figure that appears late hides its first event


def part_bytes_for(size_bytes: int) -> int:
    """The size of a file's parts: about 32 of them, of 5 to 15 MiB.

    A part that is cut off is sent again from its beginning, so small ones lose less on a weak network; each
    costs a signature and a round trip, so a large file gets larger ones. S3 takes none below 5 MiB but the
    last, and a phone holds three at once in memory: 15 MiB each is enough.
    """
    wanted = -(-size_bytes // USUAL_PARTS)
    return min(MAX_PART_BYTES, max(MIN_PART_BYTES, -(-wanted // MIB) * MIB))


@dataclass(frozen=True)
class StoredDigest:
    part_number: int
    size_bytes: int
    sha256: str


async def create(parts: VideoParts, *, user_id: UUID, key: str | None, request: dict[str, Any]) -> Video:
    """Open an upload.

    Raises TooLarge, StorageFull, UploadsFull, StorageUnavailable, IdempotencyKeyReused; VideoNotFound where
    the one that this key opened was removed since.
    """
    size_bytes: int = request["size_bytes"]
    if size_bytes > parts.settings.upload_max_bytes:
        limit_mb = parts.settings.upload_max_bytes // 1_000_000
        raise TooLarge(f"A video may hold {limit_mb} MB; this one holds {size_bytes / 1e6:.0f} MB.")
    _require_room(parts.settings, size_bytes)
    new_id = uuid7()
    object_key = upload_key(user_id, new_id)
    # storage is asked outside of any transaction: when it hangs, no connection hangs with it
    upload_id = await parts.storage.begin_upload(object_key, request["content_type"])
    used = False
    try:
        video = await _insert(parts, user_id, key, request, NewUpload(new_id, object_key, upload_id))
        used = video.id == new_id
        if used:
            OUTCOMES.labels("opened").inc()
    finally:
        if not used:  # a repeated request, or no row could be written: nobody would ever complete it
            with suppress(StorageUnavailable):
                await parts.storage.abort_upload(object_key, upload_id)
    return video


def _require_room(settings: UploadSettings, size_bytes: int) -> None:
    """Where storage is on our own disk: the database on it must not stop for a video. Raises StorageFull."""
    if settings.upload_disk is None:
        return
    if shutil.disk_usage(settings.upload_disk).free - size_bytes < settings.upload_disk_kept_bytes:
        raise StorageFull


@dataclass(frozen=True)
class NewUpload:
    """A multipart upload that storage has just opened."""

    video_id: UUID
    object_key: str
    s3_upload_id: str


async def _insert(
    parts: VideoParts, user_id: UUID, key: str | None, request: dict[str, Any], upload: NewUpload
) -> Video:
    """The row of this request: a new one, or the one that the same key made before."""
    async with parts.database.transaction() as tx:

        async def insert(video_id: UUID) -> None:
            await _require_allowance(tx, parts.settings, user_id, request["size_bytes"])
            video = NewVideo(
                id=video_id,
                user_id=user_id,
                file_name=request["file_name"],
                content_type=request["content_type"],
                size_bytes=request["size_bytes"],
                part_size_bytes=parts.settings.upload_part_bytes or part_bytes_for(request["size_bytes"]),
                object_key=upload.object_key,
                s3_upload_id=upload.s3_upload_id,
            )
            await upload_queries.insert(tx.connection, video, ttl_s=parts.settings.upload_ttl_s)

        video_id = await create_once(
            tx.connection,
            user_id=user_id,
            key=key,
            request={"video": request},
            new_id=upload.video_id,
            create=insert,
        )
        return await get(tx.connection, video_id, user_id)


async def _require_allowance(
    tx: Transaction, settings: UploadSettings, user_id: UUID, size_bytes: int
) -> None:
    """One account must not fill the storage with what it never completes. Raises UploadsFull."""
    await account_queries.lock_user(
        tx.connection, user_id
    )  # requests side by side must not share the last room
    videos, stored_bytes = await upload_queries.count_unsaved(tx.connection, user_id)
    if videos >= settings.upload_max_unsaved or stored_bytes + size_bytes > settings.upload_max_unsaved_bytes:
        raise UploadsFull(
            f"An account may hold {settings.upload_max_unsaved} unsaved videos of"
            f" {settings.upload_max_unsaved_bytes / 1e9:g} GB together; yours has {videos} of"
            f" {stored_bytes / 1e9:.2f} GB. Save or delete some, or wait until they expire."
        )


async def sign_part(
    tx: Transaction, parts: VideoParts, *, video_id: UUID, user_id: UUID, part_number: int, sha256: str
) -> tuple[str, dict[str, str]]:
    """A link for one part, bound to its size and digest.

    A part keeps the digest it was signed with first: storage does not tell which content of a part it
    holds, so with a second digest nobody could say whether the part is there.

    Raises:
        VideoNotFound, UploadFinished, UploadExpired, UploadMismatch, Malformed: no such part.
    """
    video = await get(tx.connection, video_id, user_id, lock=True)
    _refuse_closed(video)
    if part_number > video.part_count:
        raise Malformed(f"part_number: this upload has parts 1 to {video.part_count}.")
    digest = base64.b64decode(sha256)
    await upload_queries.insert_part(tx.connection, video.id, user_id, part_number=part_number, sha256=digest)
    if (await upload_queries.part_digests(tx.connection, video.id, user_id))[part_number] != digest:
        raise UploadMismatch(f"Part {part_number} was announced with other content. Start a new upload.")
    return await parts.storage.sign_part(
        video.object_key,
        video.s3_upload_id,
        part_number=part_number,
        size_bytes=video.part_bytes(part_number),
        sha256=digest,
        ttl_s=PART_LINK_TTL_S,
    )


async def list_parts(parts: VideoParts, video_id: UUID, user_id: UUID) -> tuple[Video, list[StoredDigest]]:
    """Which parts are stored, with the digests they were signed with. Raises VideoNotFound, UploadExpired."""
    video, digests = await _with_digests(parts, video_id, user_id)
    if video.state == "expired":
        raise UploadExpired
    if video.state == "uploaded":
        stored = [(number, video.part_bytes(number)) for number in range(1, video.part_count + 1)]
    else:
        try:
            found = await parts.storage.list_parts(video.object_key, video.s3_upload_id)
        except ObjectMissingError:
            raise UploadExpired from None
        stored = [(part.part_number, part.size_bytes) for part in found]
    return video, [
        StoredDigest(number, size_bytes, base64.b64encode(digests[number]).decode())
        for number, size_bytes in stored
        if number in digests
    ]


async def _with_digests(parts: VideoParts, video_id: UUID, user_id: UUID) -> tuple[Video, dict[int, bytes]]:
    async with parts.database.transaction() as tx:
        video = await get(tx.connection, video_id, user_id)
        return video, await upload_queries.part_digests(tx.connection, video.id, user_id)


async def complete(parts: VideoParts, video_id: UUID, user_id: UUID) -> Video:
    """Join the parts and check the object's size, type and checksum. A second call answers the same.

    Two calls at once do the same twice, which storage allows; only an upload that is still open is marked.
    What was asked for is written down first: should this process die after storage has joined the parts, the
    sweep comes to the end of it.

    Raises:
        VideoNotFound, UploadExpired, UploadIncomplete, UploadMismatch, UploadNotVideo, StorageUnavailable.
    """
    async with parts.database.transaction() as tx:
        video = await get(tx.connection, video_id, user_id, lock=True)  # it may be deleted just now
        if video.state == "uploaded":
            return video
        _refuse_closed(video)
        digests = await upload_queries.part_digests(tx.connection, video.id, user_id)
        await upload_queries.ask_completion(tx.connection, video.id, user_id)
    return await finish(parts, video, digests, "completed")


async def finish(
    parts: VideoParts, video: Video, digests: dict[int, bytes], outcome: Outcome, *, join: bool = True
) -> Video:
    """Confirm an open upload by what storage holds. `join`: its parts may still lie there one by one.

    Raises:
        VideoNotFound, UploadExpired, UploadIncomplete, UploadMismatch, UploadNotVideo, StorageUnavailable.
    """
    try:
        if join:
            await _join(video, parts.storage, digests)
        await _compare(video, parts.storage, digests)
    except (UploadIncomplete, UploadMismatch) as refusal:
        OUTCOMES.labels("incomplete" if isinstance(refusal, UploadIncomplete) else "mismatched").inc()
        async with parts.database.transaction() as tx:
            await upload_queries.forget_completion(tx.connection, video.id, video.user_id)
        raise
    async with parts.database.transaction() as tx:
        is_first = await upload_queries.mark_uploaded(tx.connection, video.id, video.user_id)
        found = await queries.get(tx.connection, video.id, video.user_id)
        if (
            found is None or found.state == "expired"
        ):  # its removal may have come before the parts were joined
            await queries.insert_deletion(tx.connection, Deletion(video.object_key, None))
    if is_first:
        OUTCOMES.labels(outcome).inc()
    if found is None:
        raise VideoNotFound
    if found.state == "expired":
        raise UploadExpired
    return found


async def _compare(video: Video, storage: Storage, digests: dict[int, bytes]) -> None:
    """Raises UploadMismatch where the stored object differs from what was announced."""
    try:
        stored = await storage.head(video.object_key)
        expected = composite_checksum([digests[n] for n in range(1, video.part_count + 1)])
    except (ObjectMissingError, KeyError):
        raise UploadIncomplete from None
    wrong = [
        name
        for name, is_wrong in (
            ("size", stored.size_bytes != video.size_bytes),
            ("type", stored.content_type != video.content_type),
            ("checksum", stored.checksum_sha256 != expected),
        )
        if is_wrong
    ]
    if wrong:
        raise UploadMismatch(f"What was stored differs in {', '.join(wrong)} from what was announced.")
    await _sniff(video, storage)


async def _sniff(video: Video, storage: Storage) -> None:
    """Raises UploadNotVideo where the object's bytes are not of its type."""
    last_byte = video.size_bytes - 1
    try:
        head = await storage.read_range(video.object_key, 0, min(sniffing.HEAD_BYTES - 1, last_byte))
        tail_from = max(0, video.size_bytes - sniffing.TAIL_BYTES)
        tail = await storage.read_range(video.object_key, tail_from, last_byte)
    except ObjectMissingError:
        raise UploadIncomplete from None
    if sniffing.family_of(head, tail, video.size_bytes) != sniffing.FAMILY_OF[video.content_type]:
        raise UploadNotVideo


async def _join(video: Video, storage: Storage, digests: dict[int, bytes]) -> None:
    """Complete the multipart upload; one that a lost answer left completed already is fine."""
    try:
        found = await storage.list_parts(video.object_key, video.s3_upload_id)
    except ObjectMissingError:
        return  # joined before: the check of the object decides
    by_number = {part.part_number: part for part in found}
    missing = [
        number
        for number in range(1, video.part_count + 1)
        if number not in by_number
        or number not in digests
        or by_number[number].size_bytes != video.part_bytes(number)
    ]
    if missing:
        listed = ", ".join(map(str, missing[:20])) + (" ..." if len(missing) > 20 else "")
        raise UploadIncomplete(f"Of {video.part_count} parts these are missing: {listed}. Send them.")
    ordered: list[StoredPart] = [by_number[number] for number in range(1, video.part_count + 1)]
    try:
        await storage.complete_upload(
            video.object_key,
            video.s3_upload_id,
            ordered,
            [digests[part.part_number] for part in ordered],
        )
    except ObjectMissingError:
        return


def _refuse_closed(video: Video) -> None:
    if video.state == "uploaded":
        raise UploadFinished
    if video.state == "expired":
        raise UploadExpired
