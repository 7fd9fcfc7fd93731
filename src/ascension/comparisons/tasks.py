"""The worker's side of a comparison: lay both results and wall pictures ready, store what the child says."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from ascension.analyses.tasks import WALL_MAX_BYTES
from ascension.comparisons import queries
from ascension.comparisons.files import FOLDERS, RESULT_FILE, WALL_FILE
from ascension.comparisons.schemas import ComparisonResult
from ascension.comparisons.service import KIND
from ascension.errors.jobs import AttemptMissing, ComputeCrashed
from ascension.infra.database.primary import Connection, Database
from ascension.infra.storage.objects import ObjectMissingError, Storage
from ascension.jobs.compute import Limits
from ascension.jobs.queries import Job
from ascension.jobs.runner import Task
from ascension.jobs.scratch import read_left

MAX_RESULT_BYTES: Final = 120_000
"""A climb of half a minute takes 10 kB; sections, holds, differences and knots are all limited in number."""


def comparison_task(
    database: Database,
    storage: Storage,
    *,
    limits: Limits,
    entrypoint: str = "ascension.comparisons.compute:run",
) -> Task:
    """The task that runs `compute.run` on two stored results; it needs no video."""

    async def prepare(job: Job, folder: Path) -> dict[str, object]:
        async with database.transaction() as tx:
            source = await queries.get_source(tx.connection, job.subject_id)
        if source is None or source.first_result is None or source.second_result is None:
            raise AttemptMissing
        same_analysis = source.first_analysis_id == source.second_analysis_id
        results = source.first_result, source.second_result
        keys = source.first_wall_key, source.second_wall_key
        for name, result, key in zip(FOLDERS, results, keys, strict=True):
            await asyncio.to_thread(_lay, folder / name, result)
            if key is not None and not same_analysis:
                await _fetch(storage, key, folder / name / WALL_FILE)
        return {
            "first_folder": str(folder / FOLDERS[0]),
            "second_folder": str(folder / FOLDERS[1]),
            "first_attempt": source.first_attempt,
            "second_attempt": source.second_attempt,
            "first_is_own": source.first_is_own,
            "second_is_own": source.second_is_own,
            "same_analysis": same_analysis,
        }

    async def store(connection: Connection, job: Job, folder: Path, answer: dict[str, Any]) -> None:
        try:
            result = ComparisonResult.model_validate(answer.get("comparison"))
        except ValidationError as error:
            raise ComputeCrashed("The comparison program left no result.") from error
        if len(result.model_dump_json()) > MAX_RESULT_BYTES:
            raise ComputeCrashed("The comparison program left a result that is too large.")
        first, second = [await asyncio.to_thread(_sha256, folder / name / RESULT_FILE) for name in FOLDERS]
        await queries.store_result(
            connection,
            job.subject_id,
            result=result.model_dump(mode="json"),
            first_sha256=first,
            second_sha256=second,
        )

    return Task(KIND, entrypoint, limits, prepare, store)


def _lay(folder: Path, result: bytes) -> None:
    folder.mkdir()
    (folder / RESULT_FILE).write_bytes(result)


def _sha256(path: Path) -> bytes:
    result = read_left(path)
    if result is None:
        raise ComputeCrashed("The comparison program took a result away.")
    return hashlib.sha256(result).digest()


async def _fetch(storage: Storage, key: str, path: Path) -> None:
    """The picture of a wall; one that is gone is as one that never was."""
    try:
        await storage.download(key, path, max_bytes=WALL_MAX_BYTES)
    except ObjectMissingError:
        return
