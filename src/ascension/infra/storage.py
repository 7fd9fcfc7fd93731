"""S3: multipart uploads signed part by part, objects read by the worker, links for the browser.

Two endpoints: the internal one for our own calls, the public one for signed links, because a browser may
reach the storage under another address than the servers do, and the host is part of the signature.
"""

import asyncio
import base64
import hashlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

import aiobotocore.session
from aiobotocore.config import AioConfig
from botocore.exceptions import BotoCoreError, ClientError

from ascension.errors import StorageUnavailable
from ascension.infra.settings import StorageSettings

if TYPE_CHECKING:
    from aiobotocore.response import StreamingBody
    from types_aiobotocore_s3.client import S3Client

CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 6  # two attempts end before the transaction around them does
CHUNK_BYTES = 1 << 20
DOWNLOAD_STALL_S = 20


class ObjectMissingError(Exception):
    """There is no such object or upload in the storage."""


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


def composite_checksum(part_digests: Sequence[bytes]) -> str:
    """What S3 states as ChecksumSHA256 of an object uploaded in these parts."""
    whole = hashlib.sha256(b"".join(part_digests)).digest()
    return f"{base64.b64encode(whole).decode()}-{len(part_digests)}"


class Storage:
    """One bucket. Use as an async context manager."""

    def __init__(
        self, *, endpoint: str, public_endpoint: str, region: str, bucket: str, key_id: str, secret: str
    ) -> None:
        self.endpoint = endpoint
        self.public_endpoint = public_endpoint
        self._region = region
        self._bucket = bucket
        self._key_id = key_id
        self._secret = secret
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
        self._client = await self._exit.enter_async_context(self._connect(self.endpoint))
        self._signer = await self._exit.enter_async_context(self._connect(self.public_endpoint))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exit.aclose()

    @asynccontextmanager
    async def _connect(self, endpoint: str) -> "AsyncGenerator[S3Client]":
        session = aiobotocore.session.get_session()
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
            answer = await self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType=content_type, ChecksumAlgorithm="SHA256"
            )
        except (ClientError, BotoCoreError) as error:
            _refuse(error)
        return answer["UploadId"]

    async def sign_part(
        self, key: str, upload_id: str, *, part_number: int, size_bytes: int, sha256: bytes, ttl_s: int
    ) -> tuple[str, dict[str, str]]:
        """A link that takes exactly this many bytes with exactly this digest, and the headers to send."""
        digest = base64.b64encode(sha256).decode()
        url = await self._signer.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self._bucket,
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
                page = await self._client.list_parts(
                    Bucket=self._bucket, Key=key, UploadId=upload_id, PartNumberMarker=marker
                )
            except (ClientError, BotoCoreError) as error:
                _refuse(error)
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
            await self._client.complete_multipart_upload(
                Bucket=self._bucket,
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
            _refuse(error)

    async def head(self, key: str) -> StoredObject:
        """Size, type and checksum as stored. Raises ObjectMissing."""
        try:
            answer = await self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        except (ClientError, BotoCoreError) as error:
            _refuse(error)
        return StoredObject(
            answer["ContentLength"], answer.get("ContentType", ""), answer.get("ChecksumSHA256")
        )

    async def sign_read(self, key: str, *, ttl_s: int) -> str:
        """A link to read the object, valid for `ttl_s`."""
        return await self._signer.generate_presigned_url(
            "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=ttl_s
        )

    async def download(self, key: str, target: Path, *, max_bytes: int) -> None:
        """Write the object to `target`. Raises ObjectMissing, or StorageUnavailable when it stalls."""
        written_bytes = 0
        try:
            answer = await self._client.get_object(Bucket=self._bucket, Key=key)
            if answer["ContentLength"] > max_bytes:
                raise ObjectMissingError(f"{key} is larger than {max_bytes} bytes")
            async with answer["Body"] as body:
                with target.open("wb") as file:
                    while chunk := await _read_chunk(body):
                        written_bytes += await asyncio.to_thread(file.write, chunk)
        except (ClientError, BotoCoreError) as error:
            _refuse(error)
        except (OSError, TimeoutError) as error:
            raise StorageUnavailable from error
        if written_bytes != answer["ContentLength"]:
            raise StorageUnavailable("The storage broke off in the middle of a video.")

    async def put(self, key: str, data: bytes, *, content_type: str) -> None:
        """Write a small object of our own, whole; one that is there is replaced."""
        try:
            await self._client.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=content_type)
        except (ClientError, BotoCoreError) as error:
            _refuse(error)

    async def delete(self, key: str, upload_id: str | None = None) -> None:
        """Remove the object, and its unfinished upload. Succeeds when they are gone already."""
        try:
            if upload_id:
                try:
                    await self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=key, UploadId=upload_id
                    )
                except ClientError as error:
                    if not _is_missing(error):
                        raise
            await self._client.delete_object(Bucket=self._bucket, Key=key)
        except (ClientError, BotoCoreError) as error:
            _refuse(error)

    async def ping(self) -> None:
        """Raises StorageUnavailable when the bucket does not answer."""
        try:
            await self._client.head_bucket(Bucket=self._bucket)
        except (ClientError, BotoCoreError) as error:
            raise StorageUnavailable from error


async def _read_chunk(body: "StreamingBody") -> bytes:
    """Empty at the end. Raises TimeoutError when nothing comes."""
    async with asyncio.timeout(DOWNLOAD_STALL_S):  # wait_for of Python 3.11 swallows a cancel now and then
        return await body.read(CHUNK_BYTES)


def _is_missing(error: ClientError) -> bool:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404


def _refuse(error: ClientError | BotoCoreError) -> NoReturn:
    """Translate the library's errors into ours; anything but "not there" means: try again later."""
    if isinstance(error, ClientError) and _is_missing(error):
        raise ObjectMissingError(str(error)) from error
    raise StorageUnavailable from error
