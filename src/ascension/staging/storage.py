"""The bucket as its owner sees it: is every part of its set-up as wanted?"""

from ascension.errors.http import StorageUnavailable
from ascension.infra.storage import bucket
from ascension.infra.storage.objects import Storage
from ascension.staging.findings import Finding, Target, judge, manual

HOW = (
    "`ascension storage setup --dry-run` says `as wanted` for every part;"
    " or set S3_* and AWS_* to the keys of the storage's owner"
)


async def setup(target: Target) -> list[Finding]:
    """Privacy, encryption, versions, lifecycle, CORS, policy: nothing is changed."""
    settings = target.storage
    if settings is None:
        return manual(HOW)
    found: list[Finding] = []
    try:
        async with Storage.of(settings) as storage:
            for part in bucket.parts(
                storage.client,
                settings.s3_bucket,
                region=settings.s3_region,
                web_origins=(target.url,),
                archive=target.is_archived,
                deep_archive=False,
                has_tls=settings.s3_endpoint.startswith("https://"),
            ):
                state = (await bucket.examine(part)).state
                found.append(judge(f"{part.name}: {state}", holds=state != "differs"))
    except StorageUnavailable as error:
        found.append(judge(error.detail, holds=False))
    return found
