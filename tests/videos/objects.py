"""What lies in storage, seen by its administrator."""

from botocore.exceptions import ClientError

from tests.conftest import Engines


async def is_stored(engines: Engines, key: str) -> bool:
    """Is there such an object?"""
    async with engines.stack.seaweedfs.client() as s3:
        try:
            await s3.head_object(Bucket=engines.s3_bucket, Key=key)
        except ClientError:
            return False
        return True


async def open_uploads(engines: Engines, prefix: str) -> int:
    """How many multipart uploads stand open below a prefix."""
    async with engines.stack.seaweedfs.client() as s3:
        found = await s3.list_multipart_uploads(Bucket=engines.s3_bucket, Prefix=prefix)
        return len(found.get("Uploads", []))


async def join_parts(engines: Engines, key: str, upload_id: str, digests: list[str]) -> None:
    """Complete an upload in storage alone, as when our answer, or we, were lost right after."""
    async with engines.stack.seaweedfs.client() as s3:
        stored = await s3.list_parts(Bucket=engines.s3_bucket, Key=key, UploadId=upload_id)
        await s3.complete_multipart_upload(
            Bucket=engines.s3_bucket,
            Key=key,
            UploadId=upload_id,
            MultipartUpload={
                "Parts": [
                    {"PartNumber": number, "ETag": part.get("ETag", ""), "ChecksumSHA256": digest}
                    for number, (part, digest) in enumerate(
                        zip(stored.get("Parts", []), digests, strict=True), start=1
                    )
                ]
            },
        )
