"""S3: multipart uploads signed part by part, objects read by the worker, links for the browser.

Two endpoints: the internal one for our own calls, the public one for signed links, because a browser may
reach the storage under another address than the servers do, and the host is part of the signature.
"""

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn, Self

import aiobotocore.session
from aiobotocore.config import AioConfig
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import create_loader

from ascension.errors.http import StorageUnavailable
from ascension.infra.figures import count_failure
from ascension.infra.settings import StorageSettings
from ascension.infra.storage.steady_links import SteadyLinks

if TYPE_CHECKING:
    from aiobotocore.response import StreamingBody
    from types_aiobotocore_s3.client import S3Client

CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 6  # two attempts end before the transaction around them does
CHUNK_BYTES = 1 << 20
DOWNLOAD_STALL_S = 20


MODELS: Final = create_loader()
"""What the library knows of S3: read once per process, not once per client."""


class ObjectMissingError(Exception):
    """There is no such object or upload in the storage."""


class ObjectFrozenError(Exception):
    """The object lies in a class that has to be restored before it can be read."""


@dataclass(frozen=True)
class StoredPart:
    part_number: int
    size_bytes: int
    etag: str


@dataclass(frozen=True)
class StoredObject:
    size_bytes: int
    content_type: str
    checksum_sha256: str | None
    """S3's composite checksum of a multipart object: base64(sha256(all part digests)) + "-" + part count."""
    storage_class: str = "STANDARD"
    is_restoring: bool = False
    restored_until: datetime | None = None
    """When the copy that was restored from a deep class goes again."""


def composite_checksum(part_digests: Sequence[bytes]) -> str:
    """What S3 states as ChecksumSHA256 of an object uploaded in these parts."""
    whole = hashlib.sha256(b"".join(part_digests)).digest()
    return f"{base64.b64encode(whole).decode()}-{len(part_digests)}"


class CompositeDigest:
    """Computes `composite_checksum` from an object's bytes as they come, in any pieces."""

    def __init__(self, part_size_bytes: int) -> None:
        self._part_size_bytes = part_size_bytes
        self._finished: list[bytes] = []
        self._part = hashlib.sha256()
        self._part_bytes = 0

    def update(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            if self._part_bytes == self._part_size_bytes:
                self._finished.append(self._part.digest())
                self._part, self._part_bytes = hashlib.sha256(), 0
            piece = rest[: self._part_size_bytes - self._part_bytes]
            self._part.update(piece)
            self._part_bytes += len(piece)
            rest = rest[len(piece) :]

    def checksum(self) -> str:
        """The checksum so far; of nothing, that of one empty part."""
        return composite_checksum([*self._finished, self._part.digest()])


class Storage:
    """One bucket. Use as an async context manager."""

    def __init__(
        self, *, endpoint: str, public_endpoint: str, region: str, bucket: str, key_id: str, secret: str
    ) -> None:
        self.endpoint = endpoint
        self.public_endpoint = public_endpoint
        self._region = region
        self.bucket = bucket
        self._key_id = key_id
        self._secret = secret
        self.steady_links = SteadyLinks(public_endpoint, region, bucket, key_id, secret)
        self._exit = AsyncExitStack()

    @classmethod
    def of(cls, settings: StorageSettings) -> Self:
        """The bucket that the environment names."""
        return cls(
            endpoint=settings.s3_endpoint,
            public_endpoint=settings.s3_public_endpoint or settings.s3_endpoint,
            region=settings.s3_region,
            bucket=settings.s3_bucket,
            key_id=settings.aws_access_key_id,
            secret=settings.aws_secret_access_key.get_secret_value(),
        )

    async def __aenter__(self) -> Self:
        self.client = await self._exit.enter_async_context(self._connect(self.endpoint))
        self._signer = await self._exit.enter_async_context(self._connect(self.public_endpoint))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exit.aclose()

    @asynccontextmanager
    async def _connect(self, endpoint: str) -> "AsyncGenerator[S3Client]":
        session = aiobotocore.session.get_session()
        session.register_component("data_loader", MODELS)
        config = AioConfig(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            retries={"total_max_attempts": 2, "mode": "standard"},
        )
        async with session.create_client(
            "s3",
            endpoint_url=endpoint,
            region_name=self._region,
            aws_access_key_id=self._key_id,
            aws_secret_access_key=self._secret,
            config=config,
        ) as client:
            yield client

    async def begin_upload(self, key: str, content_type: str) -> str:
        """Open a multipart upload and return its id."""
        try:
            answer = await self.client.create_multipart_upload(
                Bucket=self.bucket, Key=key, ContentType=content_type, ChecksumAlgorithm="SHA256"
            )
        except (ClientError, BotoCoreError) as error:
            refuse(error)
        return answer["UploadId"]

    async def sign_part(
        self, key: str, upload_id: str, *, part_number: int, size_bytes: int, sha256: bytes, ttl_s: int
    ) -> tuple[str, dict[str, str]]:
        """A link that takes exactly this many bytes with exactly this digest, and the headers to send."""
        digest = base64.b64encode(sha256).decode()
        url = await self._signer.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self.bucket,
                "Key": key,
                "UploadId": upload_id,
                "PartNumber": part_number,
                "ContentLength": size_bytes,
                "ChecksumSHA256": digest,
            },
            ExpiresIn=ttl_s,
        )
        return url, {"x-amz-checksum-sha256": digest}

    async def list_parts(self, key: str, upload_id: str) -> list[StoredPart]:
        """The parts that are there. Raises ObjectMissing when the upload is unknown."""
        found: list[StoredPart] = []
        marker = 0
        while True:
            try:
                page = await self.client.list_parts(
                    Bucket=self.bucket, Key=key, UploadId=upload_id, PartNumberMarker=marker
                )
            except (ClientError, BotoCoreError) as error:
                refuse(error)
            for part in page.get("Parts", []):
                number, size, etag = part.get("PartNumber"), part.get("Size"), part.get("ETag")
                if number is not None and size is not None and etag is not None:
                    found.append(StoredPart(number, size, etag))
            if not page.get("IsTruncated") or not found:
                return found
            marker = found[-1].part_number

    async def complete_upload(
        self, key: str, upload_id: str, parts: Sequence[StoredPart], part_digests: Sequence[bytes]
    ) -> None:
        """Join the parts. Raises ObjectMissing when the upload is unknown (or was completed before)."""
        try:
            await self.client.complete_multipart_upload(
                Bucket=self.bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={
                    "Parts": [
                        {
                            "PartNumber": part.part_number,
                            "ETag": part.etag,
                            "ChecksumSHA256": base64.b64encode(digest).decode(),
                        }
                        for part, digest in zip(parts, part_digests, strict=True)
                    ]
                },
            )
        except (ClientError, BotoCoreError) as error:
            refuse(error)

    async def head(self, key: str) -> StoredObject:
        """Size, type and checksum as stored. Raises ObjectMissing."""
        try:
            answer = await self.client.head_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
        except (ClientError, BotoCoreError) as error:
            refuse(error)
        restore = answer.get("Restore", "")
        until = re.search(r'expiry-date="([^"]+)"', restore)
        return StoredObject(
            size_bytes=answer["ContentLength"],
            content_type=answer.get("ContentType", ""),
            checksum_sha256=answer.get("ChecksumSHA256"),
            storage_class=answer.get("StorageClass", "STANDARD"),
            is_restoring='ongoing-request="true"' in restore,
            restored_until=parsedate_to_datetime(until[1]) if until else None,
        )

    async def restore(self, key: str, *, days: int) -> None:
        """Ask for a readable copy of a frozen object; asking again changes nothing. ObjectMissingError."""
        try:
            await self.client.restore_object(
                Bucket=self.bucket,
                Key=key,
                RestoreRequest={"Days": days, "GlacierJobParameters": {"Tier": "Standard"}},
            )
        except (ClientError, BotoCoreError) as error:
            if not (isinstance(error, ClientError) and code_of(error) == "RestoreAlreadyInProgress"):
                refuse(error)

    async def sign_read(self, key: str, *, ttl_s: int, file_name: str | None = None) -> str:
        """A link to read the object, valid for `ttl_s`. Opened by itself it is saved, never shown.

        file_name: of our making, what it is saved as.
        """
        disposition = f'attachment; filename="{file_name}"' if file_name else "attachment"
        return await self._signer.generate_presigned_url(
            "get_object",
            Params={"Bucket": self.bucket, "Key": key, "ResponseContentDisposition": disposition},
            ExpiresIn=ttl_s,
        )

    async def chunks(self, key: str) -> AsyncGenerator[bytes]:
        """The object's bytes as they come. Raises as `download`, before the first of them or later."""
        try:
            answer = await self.client.get_object(Bucket=self.bucket, Key=key)
            async with answer["Body"] as body:
                while chunk := await _read_chunk(body):
                    yield chunk
        except (ClientError, BotoCoreError) as error:
            refuse(error)
        except (OSError, TimeoutError) as error:
            raise StorageUnavailable from error

    async def download(
        self, key: str, target: Path, *, max_bytes: int, digest: CompositeDigest | None = None
    ) -> None:
        """Write the object to `target`, its bytes into `digest`.

        Raises ObjectMissing, or StorageUnavailable when it stalls.
        """

        def keep(file: BinaryIO, chunk: bytes) -> int:
            if digest is not None:
                digest.update(chunk)
            return file.write(chunk)

        written_bytes = 0
        try:
            answer = await self.client.get_object(Bucket=self.bucket, Key=key)
            if answer["ContentLength"] > max_bytes:
                raise ObjectMissingError(f"{key} is larger than {max_bytes} bytes")
            async with answer["Body"] as body:
                with target.open("wb") as file:
                    while chunk := await _read_chunk(body):
                        written_bytes += await asyncio.to_thread(keep, file, chunk)
        except (ClientError, BotoCoreError) as error:
            refuse(error)
        except (OSError, TimeoutError) as error:
            raise StorageUnavailable from error
        if written_bytes != answer["ContentLength"]:
            raise StorageUnavailable("The storage broke off in the middle of a video.")

    async def read_range(self, key: str, first_byte: int, last_byte: int) -> bytes:
        """A few bytes of an object, `last_byte` included. Raises ObjectMissing, StorageUnavailable."""
        try:
            answer = await self.client.get_object(
                Bucket=self.bucket, Key=key, Range=f"bytes={first_byte}-{last_byte}"
            )
            async with answer["Body"] as body:
                return await body.read(last_byte - first_byte + 1)
        except (ClientError, BotoCoreError) as error:
            refuse(error)
        except (OSError, TimeoutError) as error:
            raise StorageUnavailable from error

    async def put(self, key: str, data: bytes, *, content_type: str) -> None:
        """Write a small object of our own, whole; one that is there is replaced."""
        try:
            await self.client.put_object(Bucket=self.bucket, Key=key, Body=data, ContentType=content_type)
        except (ClientError, BotoCoreError) as error:
            refuse(error)

    async def abort_upload(self, key: str, upload_id: str) -> None:
        """Drop an unfinished upload with its parts. Succeeds when it is gone already."""
        try:
            await self.client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload_id)
        except (ClientError, BotoCoreError) as error:
            if not (isinstance(error, ClientError) and is_missing(error)):
                refuse(error)

    async def ping(self) -> None:
        """Raises StorageUnavailable when the bucket does not answer."""
        try:
            await self.client.head_bucket(Bucket=self.bucket)
        except (ClientError, BotoCoreError) as error:
            raise StorageUnavailable from error


async def _read_chunk(body: "StreamingBody") -> bytes:
    """Empty at the end. Raises TimeoutError when nothing comes."""
    async with asyncio.timeout(DOWNLOAD_STALL_S):  # wait_for of Python 3.11 swallows a cancel now and then
        return await body.read(CHUNK_BYTES)


def is_missing(error: ClientError) -> bool:
    """Does storage say that there is no such thing?"""
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404


def code_of(error: ClientError) -> str:
    """The code in the answer's body; HEAD answers have none."""
    return error.response.get("Error", {}).get("Code", "")


def refuse(error: ClientError | BotoCoreError) -> NoReturn:
    """Translate the library's errors into ours; what is neither missing nor frozen means: try again later."""
    if isinstance(error, ClientError) and is_missing(error):
        raise ObjectMissingError(str(error)) from error
    if isinstance(error, ClientError) and code_of(error) == "InvalidObjectState":
        raise ObjectFrozenError(str(error)) from error
    count_failure("storage")
    raise StorageUnavailable from error
