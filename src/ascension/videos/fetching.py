"""A worker's own copy of a stored video, compared with what its uploader signed."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol, TypeVar

from ascension.errors.jobs import VideoAltered, VideoInArchive, VideoMissing
from ascension.infra.database.primary import Connection, Database
from ascension.infra.logging import get_logger
from ascension.infra.storage.objects import (
    CompositeDigest,
    ObjectFrozenError,
    ObjectMissingError,
    Storage,
    composite_checksum,
)
from ascension.videos import queries


class Stored(Protocol):
    """Where a video lies, and the SHA-256 of every part, as it was signed before it was sent."""

    @property
    def object_key(self) -> str: ...
    @property
    def video_state(self) -> str: ...
    @property
    def part_size_bytes(self) -> int: ...
    @property
    def part_digests(self) -> list[bytes]: ...


Found = TypeVar("Found", bound=Stored)


async def fetch(
    database: Database,
    storage: Storage,
    look_up: Callable[[Connection], Awaitable[Found | None]],
    path: Path,
    *,
    max_bytes: int,
) -> Found:
    """What the row says of the video, and its bytes at `path`. Asked twice: saving moves it, at any moment.

    A video that storage does not have is marked expired, unless the bucket itself is away.

    Raises:
        VideoMissing, VideoInArchive, VideoAltered, StorageUnavailable.
    """
    for _ in range(2):
        async with database.transaction() as tx:
            source = await look_up(tx.connection)
        if source is None or source.video_state != "uploaded":
            raise VideoMissing
        try:
            await _download(storage, source, path, max_bytes=max_bytes)
        except ObjectFrozenError:
            raise VideoInArchive from None
        except ObjectMissingError:
            await storage.ping()
            async with database.transaction() as tx:
                await queries.expire_vanished(tx.connection, source.object_key)
        else:
            return source
    raise VideoMissing


async def _download(storage: Storage, source: Stored, path: Path, *, max_bytes: int) -> None:
    """The video as it was uploaded. Raises ObjectMissing, StorageUnavailable, VideoAltered.

    What arrives is compared with the digests that the uploader signed, not with what storage says of itself:
    a bit that flipped on the way, on a disk or in a copy must not become a wrong result. Asked twice, because
    it may have been the way.
    """
    expected = composite_checksum(source.part_digests)
    for _ in range(2):
        digest = CompositeDigest(source.part_size_bytes)
        await storage.download(source.object_key, path, max_bytes=max_bytes, digest=digest)
        if digest.checksum() == expected:
            return
        get_logger().warning("video_altered", object_key=source.object_key)
    raise VideoAltered
