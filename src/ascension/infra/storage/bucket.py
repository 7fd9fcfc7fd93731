"""How the bucket of videos is set up, wherever it lies: what is wanted, what is found, what is mended.

Not every storage knows every part: SeaweedFS has no ownership, R2 no archive, B2 no policies. What a storage
does not know is said, never taken for done.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from botocore.exceptions import BotoCoreError, ClientError

from ascension.errors.http import StorageUnavailable
from ascension.infra.storage.lifetimes import backup_rules, bucket_rules
from ascension.infra.storage.objects import code_of, refuse

if TYPE_CHECKING:
    from types_aiobotocore_s3.client import S3Client
    from types_aiobotocore_s3.literals import BucketLocationConstraintType
    from types_aiobotocore_s3.type_defs import (
        CORSRuleTypeDef,
        LifecycleRuleTypeDef,
        OwnershipControlsTypeDef,
        PublicAccessBlockConfigurationTypeDef,
        ServerSideEncryptionByDefaultTypeDef,
    )

CORS_MAX_AGE_S: Final = 3000
_ABSENT: Final = {
    *("NoSuchBucket", "NoSuchBucketPolicy", "NoSuchCORSConfiguration", "NoSuchLifecycleConfiguration"),
    *("NoSuchPublicAccessBlockConfiguration", "OwnershipControlsNotFoundError", "404"),
    "ServerSideEncryptionConfigurationNotFoundError",
}
_UNKNOWN: Final = {
    "NotImplemented",
    "MethodNotAllowed",
    "InvalidRequest",
    "UnsupportedOperation",
    "501",
    "405",
}

Json = Mapping[str, Any]
"""A part as the API of S3 has it."""
State = Literal["as wanted", "differs", "not known here"]


@dataclass(frozen=True)
class Part:
    """One part of the set-up: how it is read, what it should be, how it is written."""

    name: str
    wanted: Json
    read: Callable[[], Awaitable[Json]]
    write: Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Found:
    """What a part was before anything was changed."""

    part: Part
    state: State
    found: Json | None
    """None: it was not set up at all, or nobody can say."""


def cors_rules(web_origins: Sequence[str]) -> "Sequence[CORSRuleTypeDef]":
    """Pages of these origins upload parts, read the checksum of what was stored, and play videos."""
    return [
        {
            "AllowedOrigins": [*web_origins],
            "AllowedMethods": ["GET", "HEAD", "PUT"],
            "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag", "x-amz-checksum-sha256"],
            "MaxAgeSeconds": CORS_MAX_AGE_S,
        }
    ]


def tls_only(bucket: str) -> Json:
    """Nothing of the bucket goes over a line that others can read."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }


def parts(
    s3: "S3Client",
    bucket: str,
    *,
    region: str,
    web_origins: Sequence[str],
    archive: bool,
    deep_archive: bool,
    has_tls: bool,
) -> list[Part]:
    """All of it, in the order in which it is written. `s3`: with the rights to change the bucket.

    `has_tls`: false for a storage on this machine; the policy would shut out everybody, its owner too.
    """
    return [
        _bucket(s3, bucket, region),
        *_walls(s3, bucket),
        _versioning(s3, bucket),
        _lifecycle(s3, bucket, bucket_rules(archive=archive, deep_archive=deep_archive)),
        _cors(s3, bucket, web_origins),
        *([_policy(s3, bucket)] if has_tls else []),
    ]


def backup_parts(s3: "S3Client", bucket: str, *, region: str, has_tls: bool) -> list[Part]:
    """Those of the bucket of backups, which no page ever asks."""
    return [
        _bucket(s3, bucket, region),
        *_walls(s3, bucket),
        _versioning(s3, bucket),
        _lifecycle(s3, bucket, backup_rules()),
        *([_policy(s3, bucket)] if has_tls else []),
    ]


async def examine(part: Part) -> Found:
    """Raises StorageUnavailable: the storage does not answer, or these keys may not look."""
    try:
        found = await part.read()
    except ClientError as error:
        if code_of(error) in _ABSENT:
            return Found(part, "differs", None)
        if code_of(error) in _UNKNOWN:
            return Found(part, "not known here", None)
        raise StorageUnavailable(f"The storage does not tell its {part.name}: {code_of(error)}.") from error
    except BotoCoreError as error:
        refuse(error)
    return Found(part, "as wanted" if _canonical(found) == _canonical(part.wanted) else "differs", found)


async def mend(found: Found) -> State:
    """Write a part that differs; what it is then. Raises StorageUnavailable."""
    if found.state != "differs":
        return found.state
    try:
        await found.part.write()
    except ClientError as error:
        if code_of(error) in _UNKNOWN:
            return "not known here"
        raise StorageUnavailable(
            f"The storage does not change its {found.part.name}: {code_of(error)}."
        ) from error
    except BotoCoreError as error:
        refuse(error)
    return (await examine(found.part)).state


def _canonical(value: object) -> str:
    """Comparable: the order of lists means nothing in any part."""
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value)
        return json.dumps({key: _canonical(one) for key, one in entries.items()}, sort_keys=True)
    if isinstance(value, list | tuple):
        return json.dumps(sorted(_canonical(one) for one in cast("Sequence[object]", value)))
    return json.dumps(value)


def _bucket(s3: "S3Client", name: str, region: str) -> Part:
    async def read() -> Json:
        await s3.head_bucket(Bucket=name)
        return {"Bucket": name}

    async def write() -> None:
        if region == "us-east-1":  # AWS refuses its own default where it is named
            await s3.create_bucket(Bucket=name)
        else:
            where = cast("BucketLocationConstraintType", region)
            await s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": where})

    return Part("bucket", {"Bucket": name}, read, write)


def _walls(s3: "S3Client", name: str) -> list[Part]:
    """Nobody reads it but by signed links, its owner owns all in it, and disks hold nothing readable."""
    closed: PublicAccessBlockConfigurationTypeDef = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    owners: OwnershipControlsTypeDef = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    default: ServerSideEncryptionByDefaultTypeDef = {"SSEAlgorithm": "AES256"}

    async def read_access() -> Json:
        return (await s3.get_public_access_block(Bucket=name))["PublicAccessBlockConfiguration"]

    async def read_owners() -> Json:
        return (await s3.get_bucket_ownership_controls(Bucket=name))["OwnershipControls"]

    async def read_encryption() -> Json:
        found = (await s3.get_bucket_encryption(Bucket=name))["ServerSideEncryptionConfiguration"]
        return found["Rules"][0].get("ApplyServerSideEncryptionByDefault", {})

    return [
        Part(
            "public access",
            closed,
            read_access,
            lambda: s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed),
        ),
        Part(
            "ownership",
            owners,
            read_owners,
            lambda: s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=owners),
        ),
        Part(
            "encryption",
            default,
            read_encryption,
            lambda: s3.put_bucket_encryption(
                Bucket=name,
                ServerSideEncryptionConfiguration={
                    "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
                },
            ),
        ),
    ]


def _versioning(s3: "S3Client", name: str) -> Part:
    async def read() -> Json:
        return {"Status": (await s3.get_bucket_versioning(Bucket=name)).get("Status", "off")}

    return Part(
        "versioning",
        {"Status": "Enabled"},
        read,
        lambda: s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"}),
    )


def _lifecycle(s3: "S3Client", name: str, rules: "Sequence[LifecycleRuleTypeDef]") -> Part:
    async def read() -> Json:
        return {"Rules": (await s3.get_bucket_lifecycle_configuration(Bucket=name))["Rules"]}

    return Part(
        "lifecycle",
        {"Rules": rules},
        read,
        lambda: s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules}),
    )


def _cors(s3: "S3Client", name: str, web_origins: Sequence[str]) -> Part:
    rules = cors_rules(web_origins)

    async def read() -> Json:
        return {"CORSRules": (await s3.get_bucket_cors(Bucket=name))["CORSRules"]}

    return Part(
        "cors",
        {"CORSRules": rules},
        read,
        lambda: s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": rules}),
    )


def _policy(s3: "S3Client", name: str) -> Part:
    policy = tls_only(name)

    async def read() -> Json:
        return json.loads((await s3.get_bucket_policy(Bucket=name))["Policy"])

    return Part("policy", policy, read, lambda: s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy)))
