"""A ZIP file that is written straight into storage, part by part, in constant memory."""

import asyncio
import zipfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from typing import IO, cast

from ascension.infra.storage.objects import Storage, StoredPart
from ascension.infra.storage.sending import send_part

LEAST_PART_BYTES = 5 * 2**20  # as little as storage takes: a part is signed while requests wait
PAUSE_S = 0.1  # after each part: requests have this time to themselves
_MOST_PARTS = 9_000  # storage takes 10,000; headers are not counted


class _Sink:
    """What the ZIP file is written to; it cannot be sought, so sizes and checksums follow each entry."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""


class Archive:
    """One file under `key`. What is not closed is no object: the caller drops the upload."""

    def __init__(
        self,
        storage: Storage,
        key: str,
        upload_id: str,
        *,
        total_bytes: int,
        on_part: Callable[[int], Awaitable[None]],
    ) -> None:
        """`on_part` hears after each part how many bytes are stored; what it raises ends the writing."""
        self._storage, self._key, self._upload_id, self._on_part = storage, key, upload_id, on_part
        self._part_bytes = max(LEAST_PART_BYTES, total_bytes // _MOST_PARTS + 1)
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(cast("IO[bytes]", self._sink), "w", zipfile.ZIP_STORED)
        self._parts: list[StoredPart] = []
        self._digests: list[bytes] = []
        self.stored_bytes = 0

    async def add(self, name: str, data: bytes, at: datetime) -> None:
        """A small file: compressed, because it is text. `name` is made by us."""
        info = zipfile.ZipInfo(name, at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        await asyncio.to_thread(self._zip.writestr, info, data)
        await self._send_if_enough()

    async def add_stream(self, name: str, chunks: AsyncGenerator[bytes], at: datetime) -> None:
        """A large file, as its bytes come."""
        with self._zip.open(zipfile.ZipInfo(name, at.timetuple()[:6]), "w", force_zip64=True) as entry:
            async for chunk in chunks:
                await asyncio.to_thread(entry.write, chunk)
                await self._send_if_enough()

    async def close(self) -> int:
        """Write the table of contents, and make the object; its size in bytes."""
        self._zip.close()
        await self._send_if_enough()
        if self._sink.waiting:
            await self._send()
        await self._storage.complete_upload(self._key, self._upload_id, self._parts, self._digests)
        return self.stored_bytes

    async def _send_if_enough(self) -> None:
        if len(self._sink.waiting) >= self._part_bytes:
            await self._send()

    async def _send(self) -> None:
        """All that waits, as it is: to cut it would copy megabytes while requests wait."""
        part, self._sink.waiting = self._sink.waiting, bytearray()
        stored, digest = await send_part(
            self._storage, self._key, self._upload_id, len(self._parts) + 1, part
        )
        self._parts.append(stored)
        self._digests.append(digest)
        self.stored_bytes += len(part)
        await self._on_part(self.stored_bytes)
        await asyncio.sleep(PAUSE_S)
