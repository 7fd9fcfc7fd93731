"""The worker's side of an analysis: fetch the video, let the child compute, store what it made."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from ascension.analyses import queries
from ascension.analyses.corrections import queries as correction_queries
from ascension.analyses.corrections import service as correction_service
from ascension.analyses.service import KIND
from ascension.errors.jobs import ComputeCrashed
from ascension.infra.database.primary import Connection, Database
from ascension.infra.storage.keys import covered_wall_key, thumbnail_key, wall_key
from ascension.infra.storage.objects import Storage
from ascension.jobs.compute import Limits
from ascension.jobs.queries import Job
from ascension.jobs.runner import Task
from ascension.jobs.scratch import read_left
from ascension.videos.fetching import fetch

SOURCE_FILE = "source.ascension.gz"
RESULT_FILE = "result.ascension.gz"
WALL_FILE = "wall.webp"
COVERED_WALL_FILE = "wall-covered.webp"
THUMBNAIL_FILE = "thumbnail.webp"
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
        source = await fetch(
            database,
            storage,
            lambda connection: queries.get_input(connection, job.subject_id),
            video_path,
            max_bytes=max_bytes,
        )
        return {
            "video_path": str(video_path),
            "result_path": str(folder / RESULT_FILE),
            "wall_path": str(folder / WALL_FILE),
            "covered_wall_path": str(folder / COVERED_WALL_FILE),
            "thumbnail_path": str(folder / THUMBNAIL_FILE),
            "choices": source.choices,
            "threads": limits.threads,
            "backend": backend,
        }

    async def store(connection: Connection, job: Job, folder: Path, answer: dict[str, Any]) -> None:
        result = await asyncio.to_thread(read_left, folder / RESULT_FILE)
        if result is None:
            raise ComputeCrashed("The analysis program left no result.")
        wall = wall_key(job.user_id, job.subject_id)
        covered = covered_wall_key(job.user_id, job.subject_id)
        await queries.store_result(
            connection,
            job.subject_id,
            result=result,
            sha256=hashlib.sha256(result).digest(),
            summary=answer["summary"],
            pictures=queries.Pictures(
                await _keep_picture(storage, wall, folder / WALL_FILE),
                await _keep_picture(storage, covered, folder / COVERED_WALL_FILE),
                await _keep_thumbnail(connection, storage, job, folder, answer),
            ),
        )

    return Task(
        kind=KIND,
        entrypoint=entrypoint,
        limits=limits,
        prepare=prepare,
        store=store,
        warming={"threads": limits.threads, "backend": backend},
    )


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


async def _keep_thumbnail(
    connection: Connection, storage: Storage, job: Job, folder: Path, answer: dict[str, Any]
) -> tuple[int, int] | None:
    """Width and height of what was stored; None where there is none, or the clip is gone: it goes with it."""
    if not await queries.hold_clip(connection, job.subject_id):
        return None
    key = thumbnail_key(job.user_id, job.subject_id)
    if await _keep_picture(storage, key, folder / THUMBNAIL_FILE) is None:
        return None
    size = answer["thumbnail"]
    return int(size["width_px"]), int(size["height_px"])


async def _keep_picture(storage: Storage, key: str, path: Path) -> str | None:
    """Store a picture inside the completing transaction: an analysis that is gone leaves no object."""
    picture = await asyncio.to_thread(read_left, path)
    if picture is None:
        return None
    if len(picture) > WALL_MAX_BYTES:
        raise ComputeCrashed("The analysis program left a picture that is too large.")
    await storage.put(key, picture, content_type="image/webp")
    return key
