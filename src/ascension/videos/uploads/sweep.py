"""Uploads that nobody came back to: asked for and not confirmed, never finished, or without a row."""

import time
from functools import partial
from uuid import UUID

from ascension.errors.base import ApiError
from ascension.errors.http import StorageUnavailable
from ascension.infra.background import repeat
from ascension.infra.logging import get_logger
from ascension.infra.storage.keys import ids_in
from ascension.infra.storage.lifetimes import UPLOADS
from ascension.infra.storage.removal import open_uploads
from ascension.videos.parts import VideoParts
from ascension.videos.service import get
from ascension.videos.uploads import queries as upload_queries
from ascension.videos.uploads.service import OUTCOMES, finish

ANSWER_LIMIT_S = 60  # `complete` asks storage at most four times, with its timeouts: by then it has answered
MAX_COMPLETIONS = 20
LEFTOVER_MARGIN_S = 3600
LOOK_FOR_LEFTOVERS_S = 3600


async def run(parts: VideoParts, *, interval_s: float) -> None:
    """Until canceled. Any replica may do it, and all at once: each step is safe to repeat."""
    steps = {
        "uploads to confirm": partial(confirm_asked, parts),
        "uploads nobody finished": partial(expire_unfinished, parts),
    }
    await repeat(steps, every_s=interval_s)


async def run_rarely(parts: VideoParts) -> None:
    """Until canceled: what asks storage for everything that it holds open."""
    await repeat({"upload leftovers": partial(abort_leftovers, parts)}, every_s=LOOK_FOR_LEFTOVERS_S)


async def confirm_asked(parts: VideoParts, *, older_than_s: float = ANSWER_LIMIT_S) -> int:
    """Finish what `complete` was asked for and did not come to the end of; how many were confirmed."""
    async with parts.database.transaction() as tx:
        asked = await upload_queries.take_completions(
            tx.connection, older_than_s=older_than_s, limit=MAX_COMPLETIONS
        )
    return sum([await _confirm(parts, video_id, user_id) for video_id, user_id in asked])


async def _confirm(parts: VideoParts, video_id: UUID, user_id: UUID) -> bool:
    try:
        async with parts.database.transaction() as tx:
            video = await get(tx.connection, video_id, user_id)
            digests = await upload_queries.part_digests(tx.connection, video_id, user_id)
            if video.state != "uploading":
                await upload_queries.forget_completion(tx.connection, video_id, user_id)
                return False
        await finish(parts, video, digests, "confirmed_by_sweep")
    except ApiError as error:  # refused for good, or a part is away: then it is taken again
        get_logger().info("upload_not_confirmed", video_id=str(video_id), reason=error.code)
        return False
    return True


async def expire_unfinished(parts: VideoParts) -> int:
    """Uploads that were not finished in their lifetime; how many. Their parts go as objects do."""
    async with parts.database.transaction() as tx:
        expired = await upload_queries.expire_unfinished(tx.connection)
    OUTCOMES.labels("expired").inc(expired)
    return expired


async def abort_leftovers(parts: VideoParts) -> int:
    """Multipart uploads in storage that no row waits for, older than any upload may get; how many.

    They come from an API that died between opening one and writing its row. The age is the video id's. One
    that storage does not drop is left for the next look, and holds up nothing behind it. Raises
    StorageUnavailable where it does not answer at all.
    """
    before_s = time.time() - parts.settings.upload_ttl_s - LEFTOVER_MARGIN_S
    old: list[tuple[str, str, UUID]] = []
    async for upload in open_uploads(parts.storage, UPLOADS):
        ids = ids_in(upload.key)
        if ids is not None and _created_s(ids[1]) < before_s:
            old.append((upload.key, upload.upload_id, ids[1]))
    async with parts.database.transaction() as tx:
        awaited = await upload_queries.awaited_uploads(tx.connection, [video_id for *_, video_id in old])
    leftovers = [(key, upload_id) for key, upload_id, _ in old if upload_id not in awaited]
    kept = 0
    for key, upload_id in leftovers:
        try:
            await parts.storage.abort_upload(key, upload_id)
        except StorageUnavailable:
            await parts.storage.ping()
            kept += 1
            get_logger().warning("leftover_not_dropped", object_key=key)
            continue
        OUTCOMES.labels("abandoned").inc()
        get_logger().info("upload_abandoned", object_key=key)
    if kept:
        get_logger().error("leftovers_not_dropped", kept=kept, found=len(leftovers))
    return len(leftovers) - kept


def _created_s(video_id: UUID) -> float:
    """When it was made: ids of version 7 begin with the milliseconds. Others count as young."""
    return (video_id.int >> 80) / 1000 if video_id.version == 7 else time.time()
