"""The worker's side of an analysis: fetch the video, let the child compute, store what it made."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from ascension.analyses import queries
from ascension.analyses.corrections import queries as correction_queries
from ascension.analyses.corrections import service as correction_service
from ascension.analyses.service import KIND, wall_key
from ascension.errors.jobs import ComputeCrashed, VideoAltered, VideoInArchive, VideoMissing
from ascension.infra.database.primary import Connection, Database
from ascension.infra.logging import get_logger
from ascension.infra.storage.objects import (
    CompositeDigest,
    ObjectFrozenError,
    ObjectMissingError,
    Storage,
    composite_checksum,
)
from ascension.jobs.compute import Limits
from ascension.jobs.queries import Job
from ascension.jobs.runner import Task
from ascension.jobs.scratch import read_left
from ascension.videos import queries as video_queries

SOURCE_FILE = "source.ascension.gz"
RESULT_FILE = "result.ascension.gz"
WALL_FILE = "wall.webp"
WALL_MAX_BYTES = 8 * 2**20


def analysis_task(
    database: Database,
    storage: Storage,
    *,
    limits: Limits,
    max_bytes: int,
    backend: str = "auto",
    entrypoint: str = "ascension.analyses.pipeline:run",
) -> Task:
    """The task that runs `pipeline.run`, or an entrypoint around it, on one uploaded video."""

    async def prepare(job: Job, folder: Path) -> dict[str, object]:
        video_path = folder / "video"
        source = await _fetch_input(database, storage, job, video_path, max_bytes=max_bytes)
        return {
            "video_path": str(video_path),
            "result_path": str(folder / RESULT_FILE),
            "wall_path": str(folder / WALL_FILE),
            "choices": source.choices,
            "threads": limits.threads,
            "backend": backend,
        }

    async def store(connection: Connection, job: Job, folder: Path, answer: dict[str, Any]) -> None:
        result = await asyncio.to_thread(read_left, folder / RESULT_FILE)
        if result is None:
            raise ComputeCrashed("The analysis program left no result.")
        await queries.store_result(
            connection,
            job.subject_id,
            result=result,
            sha256=hashlib.sha256(result).digest(),
            summary=answer["summary"],
            wall_object_key=await _keep_wall(storage, job, folder / WALL_FILE),
        )

    return Task(
        kind=KIND,
        entrypoint=entrypoint,
        limits=limits,
        prepare=prepare,
        store=store,
    )


async def _fetch_input(
    database: Database, storage: Storage, job: Job, path: Path, *, max_bytes: int
) -> queries.Input:
    """What is analyzed, its video at `path`. Asked twice: saving a video moves it, at any moment.

    A video that storage does not have is marked expired, unless the bucket itself is away.

    Raises:
        VideoMissing, VideoInArchive, VideoAltered, StorageUnavailable.
    """
    for _ in range(2):
        async with database.transaction() as tx:
            source = await queries.get_input(tx.connection, job.subject_id)
        if source is None or source.video_state != "uploaded":
            raise VideoMissing
        try:
            await _fetch(storage, source, path, max_bytes=max_bytes)
        except ObjectFrozenError:
            raise VideoInArchive from None
        except ObjectMissingError:
            await storage.ping()
            async with database.transaction() as tx:
                await video_queries.expire_vanished(tx.connection, source.object_key)
        else:
            return source
    raise VideoMissing


async def _fetch(storage: Storage, source: queries.Input, path: Path, *, max_bytes: int) -> None:
    """The video as it was uploaded. Raises ObjectMissing, StorageUnavailable, VideoAltered.

    What arrives is compared with the digests that the uploader signed, not with what storage says of itself:
    a bit that flipped on the way, on a disk or in a copy must not become a wrong result. Asked twice, because
    it may have been the way.
    """
    expected = composite_checksum(source.part_digests)
    for _ in range(2):
        digest = CompositeDigest(source.part_size_bytes)
        await storage.download(source.object_key, path, max_bytes=max_bytes, digest=digest)
        if digest.checksum() == expected:
            return
        get_logger().warning("video_altered", object_key=source.object_key)
    raise VideoAltered


def derivation_task(
    database: Database, *, limits: Limits, entrypoint: str = "ascension.analyses.deriving:run"
) -> Task:
    """The task that runs `deriving.run`, or an entrypoint around it, on one stored result."""

    async def prepare(job: Job, folder: Path) -> dict[str, object]:
        async with database.transaction() as tx:
            source = await correction_queries.get_source(tx.connection, job.subject_id)
            found = await correction_queries.list_of(tx.connection, job.subject_id, job.user_id)
        if source is None:
            raise ComputeCrashed("There is no result to correct.")
        await asyncio.to_thread((folder / SOURCE_FILE).write_bytes, source.result)
        return {
            "source_path": str(folder / SOURCE_FILE),
            "result_path": str(folder / RESULT_FILE),
            "choices": source.choices,
            "corrections": [one.edits for one in found],
            "summary": source.summary,
        }

    async def store(connection: Connection, job: Job, folder: Path, answer: dict[str, Any]) -> None:
        # the claim holds, so the corrections are those that were prepared: a change would have ended it
        if not await correction_queries.count_of(connection, job.subject_id, job.user_id):
            await correction_queries.restore_original(connection, job.subject_id)
            return
        result = await asyncio.to_thread(read_left, folder / RESULT_FILE)
        if result is None:
            raise ComputeCrashed("The analysis program left no result.")
        await correction_queries.store_corrected(
            connection,
            job.subject_id,
            result=result,
            sha256=hashlib.sha256(result).digest(),
            summary=answer["summary"],
        )

    return Task(correction_service.KIND, entrypoint, limits, prepare, store)


async def _keep_wall(storage: Storage, job: Job, path: Path) -> str | None:
    """Store the wall picture inside the completing transaction: an analysis that is gone leaves no object."""
    picture = await asyncio.to_thread(read_left, path)
    if picture is None:
        return None
    if len(picture) > WALL_MAX_BYTES:
        raise ComputeCrashed("The analysis program left a picture that is too large.")
    key = wall_key(job.user_id, job.subject_id)
    await storage.put(key, picture, content_type="image/webp")
    return key
