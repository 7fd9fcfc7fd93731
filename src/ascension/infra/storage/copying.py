"""A copy made by storage itself: no byte passes us, and the copy has the checksum signed at the upload.

Part by part, as it was uploaded. A copy in one call would do on SeaweedFS, but S3 then states another
checksum (of the whole, not of the parts) that nobody has signed, and it answers only when 500 MB are written.
"""

import asyncio
import base64
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from ascension.errors.http import StorageUnavailable
from ascension.infra.storage.objects import Storage, StoredPart, refuse

AT_ONCE = 4


@dataclass(frozen=True)
class PartOfCopy:
    """Which bytes of the source make this part (`first` to `last`, both included), and their SHA-256."""

    part_number: int
    first_byte: int
    last_byte: int
    sha256: bytes


async def copy(
    storage: Storage, source_key: str, target_key: str, parts: Sequence[PartOfCopy], *, content_type: str
) -> None:
    """Make `target_key` of the same parts. What breaks off leaves no object; its upload is dropped.

    Raises:
        ObjectMissingError: there is no source. ObjectFrozenError: it has to be restored first.
        StorageUnavailable: also where the source's content is not what the digests say.
    """
    upload_id = await storage.begin_upload(target_key, content_type)
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(part: PartOfCopy) -> StoredPart:
        async with turns:
            return await _copy_part(storage, source_key, target_key, upload_id, part)

    is_done = False
    try:
        copied = await _together([one(part) for part in parts])
        await storage.complete_upload(target_key, upload_id, copied, [part.sha256 for part in parts])
        is_done = True
    finally:
        if not is_done:
            with suppress(StorageUnavailable):  # then the bucket's rule removes it
                await storage.abort_upload(target_key, upload_id)


async def _copy_part(
    storage: Storage, source_key: str, target_key: str, upload_id: str, part: PartOfCopy
) -> StoredPart:
    try:
        answer = await storage.client.upload_part_copy(
            Bucket=storage.bucket,
            Key=target_key,
            UploadId=upload_id,
            PartNumber=part.part_number,
            CopySource={"Bucket": storage.bucket, "Key": source_key},
            CopySourceRange=f"bytes={part.first_byte}-{part.last_byte}",
        )
    except (ClientError, BotoCoreError) as error:
        refuse(error)
    copied = answer["CopyPartResult"]
    if copied.get("ChecksumSHA256") != base64.b64encode(part.sha256).decode():
        raise StorageUnavailable("The storage copied other content than was uploaded.")
    return StoredPart(part.part_number, part.last_byte - part.first_byte + 1, copied.get("ETag", ""))


async def _together(copies: Sequence[Coroutine[None, None, StoredPart]]) -> list[StoredPart]:
    """All of them in their order; the first failure ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(copy) for copy in copies]
    except BaseExceptionGroup as several:
        raise several.exceptions[0] from None
    return [task.result() for task in tasks]
