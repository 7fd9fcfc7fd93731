"""The worker's side of an analysis: fetch the video, let the child compute, store what it made."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from ascension.analyses import queries
from ascension.analyses.service import KIND
from ascension.errors import ComputeCrashed, VideoMissing
from ascension.infra.db import Connection, Database
from ascension.infra.storage import ObjectMissingError, Storage
from ascension.jobs.queries import Job
from ascension.jobs.runner import Task

RESULT_FILE = "result.ascension.gz"


def analysis_task(database: Database, storage: Storage, *, threads: int, max_bytes: int) -> Task:
    """The task that runs `ascension.analyses.pipeline:run` on one uploaded video."""

    async def prepare(job: Job, folder: Path) -> dict[str, object]:
        async with database.transaction() as tx:
            source = await queries.get_input(tx.connection, job.subject_id)
        if source is None or source.video_state != "uploaded":
            raise VideoMissing
        video_path = folder / "video"
        try:
            await storage.download(source.object_key, video_path, max_bytes=max_bytes)
        except ObjectMissingError:
            raise VideoMissing from None
        return {
            "video_path": str(video_path),
            "result_path": str(folder / RESULT_FILE),
            "threads": threads,
        }

    return Task(
        kind=KIND,
        entrypoint="ascension.analyses.pipeline:run",
        prepare=prepare,
        store=_store,
    )


async def _store(connection: Connection, job: Job, folder: Path, answer: dict[str, Any]) -> None:
    try:
        result = await asyncio.to_thread((folder / RESULT_FILE).read_bytes)
    except FileNotFoundError:
        raise ComputeCrashed("The analysis program left no result.") from None
    await queries.store_result(
        connection,
        job.subject_id,
        result=result,
        sha256=hashlib.sha256(result).digest(),
        summary=answer["summary"],
    )
