"""A file of ours put into storage: its parts are sent first, and joined when a row names it."""

import asyncio
import base64
import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from ascension.errors.http import StorageUnavailable
from ascension.infra.storage.objects import (
    ObjectMissingError,
    Storage,
    StoredPart,
    composite_checksum,
    refuse,
)


@dataclass(frozen=True)
class Sent:
    """Parts that wait to be joined. One that never is, the bucket's rule removes."""

    key: str
    upload_id: str
    parts: list[StoredPart]
    digests: list[bytes]
    """SHA-256 of each."""

    @property
    def size_bytes(self) -> int:
        return sum(part.size_bytes for part in self.parts)


async def send(storage: Storage, key: str, file: BinaryIO, *, content_type: str, part_bytes: int) -> Sent:
    """Send all of the file, one part in memory at a time. Raises StorageUnavailable."""
    sent = Sent(key, await storage.begin_upload(key, content_type), [], [])
    while data := await asyncio.to_thread(file.read, part_bytes):
        part, digest = await send_part(storage, key, sent.upload_id, len(sent.parts) + 1, data)
        sent.parts.append(part)
        sent.digests.append(digest)
    return sent


async def send_part(
    storage: Storage, key: str, upload_id: str, number: int, data: bytes | bytearray
) -> tuple[StoredPart, bytes]:
    """One part, and its SHA-256. Raises StorageUnavailable."""
    digest = await asyncio.to_thread(_sha256, data)
    try:
        answer = await storage.client.upload_part(
            Bucket=storage.bucket,
            Key=key,
            UploadId=upload_id,
            PartNumber=number,
            Body=BytesIO(data),  # goes in pieces: bytes would go at once, and requests wait meanwhile
            ChecksumSHA256=base64.b64encode(digest).decode(),
        )
    except (ClientError, BotoCoreError) as error:
        refuse(error)
    return StoredPart(number, len(data), answer["ETag"]), digest


async def join(storage: Storage, sent: Sent) -> None:
    """Make the object of its parts; again changes nothing. Raises StorageUnavailable, also for another."""
    try:
        await storage.complete_upload(sent.key, sent.upload_id, sent.parts, sent.digests)
    except ObjectMissingError:
        stored = await storage.head(sent.key)  # joined before: the answer was lost
        if stored.checksum_sha256 != composite_checksum(sent.digests):
            raise StorageUnavailable from None


def _sha256(data: bytes | bytearray) -> bytes:
    return hashlib.sha256(data).digest()
