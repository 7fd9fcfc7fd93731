"""What each process may do in a bucket, and no more: what keys are made with, wherever the storage lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Policy = Mapping[str, Any]
"""As the API of IAM has it."""
_READ_WRITE: Final = ("s3:GetObject", "s3:PutObject")


@dataclass(frozen=True)
class Rights:
    """On the bucket, and on its objects."""

    bucket: tuple[str, ...]
    objects: tuple[str, ...]


API: Final = Rights(
    ("s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"),
    (
        *_READ_WRITE,
        "s3:DeleteObject",
        "s3:DeleteObjectVersion",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
        "s3:RestoreObject",
    ),
)
WORKER: Final = Rights(("s3:ListBucket",), _READ_WRITE)
"""It never deletes."""
BACKUP_SOURCE: Final = Rights(("s3:ListBucket",), ("s3:GetObject",))
BACKUP_TARGET: Final = Rights(
    ("s3:ListBucket", "s3:GetBucketLocation"),
    (*_READ_WRITE, "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
)
"""It removes no version: whoever has this key can be outlived by `BACKUP_NONCURRENT_DAYS`."""


def policy(rights: Mapping[str, Rights]) -> Policy:
    """For one key: its rights by the name of a bucket."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": list(actions), "Resource": f"arn:aws:s3:::{resource}"}
            for bucket, granted in rights.items()
            for actions, resource in ((granted.bucket, bucket), (granted.objects, f"{bucket}/*"))
        ],
    }
