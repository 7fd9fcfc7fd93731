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
