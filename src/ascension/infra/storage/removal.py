"""What lies in storage, and removing it for good: every version, delete marker and unfinished upload.

A versioned bucket answers a plain delete with a marker and keeps the content. So here versions are listed and
removed by name, which works on a bucket without versions too: there each object has the one version `null`.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ascension.errors.http import StorageUnavailable
from ascension.infra.storage.objects import Storage, refuse

if TYPE_CHECKING:
    from types_aiobotocore_s3.type_defs import ObjectIdentifierTypeDef


@dataclass(frozen=True)
class ListedObject:
    key: str
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True)
class OpenUpload:
    """A multipart upload that was neither finished nor dropped."""

    key: str
    upload_id: str
    began_at: datetime


class Refusals:
    """What storage refuses of one holds up nothing behind it, and is told at the end."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._last: StorageUnavailable | None = None

    @asynccontextmanager
    async def borne(self) -> AsyncGenerator[None]:
        """Around one of them. Raises StorageUnavailable where storage does not answer at all."""
        try:
            yield
        except StorageUnavailable as error:
            await self._storage.ping()
            self._last = error

    def tell(self) -> None:
        """Raises StorageUnavailable, the last one, if any was refused."""
        if self._last is not None:
            raise self._last


async def remove(storage: Storage, key: str) -> int:
    """Remove one key with all that was ever stored under it; how many versions and uploads. Repeatable."""
    return await _remove(storage, key, lambda found: found == key)


async def remove_all(storage: Storage, prefix: str) -> int:
    """Remove everything below a prefix; how many versions and uploads. Repeatable."""
    return await _remove(storage, prefix, lambda _: True)


async def _remove(storage: Storage, prefix: str, is_meant: Callable[[str], bool]) -> int:
    """What storage refuses holds up nothing behind it. Raises StorageUnavailable, at the end, if it did."""
    removed = 0
    refusals = Refusals(storage)
    async for page in _versions(storage, prefix):
        meant = [version for version in page if is_meant(version["Key"])]
        async with refusals.borne():
            await _remove_versions(storage, meant)
            removed += len(meant)
    async for upload in open_uploads(storage, prefix):
        if is_meant(upload.key):
            async with refusals.borne():
                await storage.abort_upload(upload.key, upload.upload_id)
                removed += 1
    refusals.tell()
    return removed


async def _remove_versions(storage: Storage, versions: "Sequence[ObjectIdentifierTypeDef]") -> None:
    if not versions:
        return
    try:
        answer = await storage.client.delete_objects(
            Bucket=storage.bucket, Delete={"Objects": versions, "Quiet": True}
        )
    except (ClientError, BotoCoreError) as error:
        refuse(error)
    if failed := answer.get("Errors"):
        raise StorageUnavailable(f"The storage kept {len(failed)} objects: {failed[0].get('Code', '')}.")


async def _versions(storage: Storage, prefix: str) -> "AsyncGenerator[list[ObjectIdentifierTypeDef]]":
    """Versions and delete markers below a prefix, a page of at most 1000 at a time."""
    pages = storage.client.get_paginator("list_object_versions").paginate(
        Bucket=storage.bucket, Prefix=prefix
    )
    try:
        async for page in pages:
            yield [
                {"Key": one.get("Key", ""), "VersionId": one.get("VersionId", "null")}
                for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
            ]
    except (ClientError, BotoCoreError) as error:
        refuse(error)


async def listed(storage: Storage, prefix: str) -> AsyncGenerator[list[ListedObject]]:
    """The objects below a prefix by key, a page of at most 1000 at a time. They may be removed on the way."""
    pages = storage.client.get_paginator("list_objects_v2").paginate(Bucket=storage.bucket, Prefix=prefix)
    try:
        async for page in pages:
            yield [
                ListedObject(key, one.get("Size", 0), modified_at)
                for one in page.get("Contents", ())
                if (key := one.get("Key")) and (modified_at := one.get("LastModified"))
            ]
    except (ClientError, BotoCoreError) as error:
        refuse(error)


async def open_uploads(storage: Storage, prefix: str) -> AsyncGenerator[OpenUpload]:
    """The unfinished uploads below a prefix. They may be aborted on the way."""
    key_marker = upload_id_marker = ""
    while True:
        try:
            page = await storage.client.list_multipart_uploads(
                Bucket=storage.bucket,
                Prefix=prefix,
                KeyMarker=key_marker,
                UploadIdMarker=upload_id_marker,
            )
        except (ClientError, BotoCoreError) as error:
            refuse(error)
        found = [
            OpenUpload(one.get("Key", ""), one.get("UploadId", ""), began_at)
            for one in page.get("Uploads", ())
            if (began_at := one.get("Initiated"))
        ]
        for upload in found:
            yield upload
        if not page.get("IsTruncated") or not found:
            return
        # SeaweedFS names no key to go on from: the last one of the page says the same
        key_marker = page.get("NextKeyMarker") or found[-1].key
        upload_id_marker = page.get("NextUploadIdMarker") or found[-1].upload_id
