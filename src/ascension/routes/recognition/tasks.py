"""The worker's side of recognition: lay the climb and the earlier ones ready, store which one it is like."""

import asyncio
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ascension.analyses.tasks import WALL_MAX_BYTES
from ascension.errors.jobs import ComputeCrashed
from ascension.infra.database.primary import Connection, Database
from ascension.infra.storage.objects import ObjectMissingError, Storage
from ascension.jobs.compute import Limits
from ascension.jobs.queries import Job
from ascension.jobs.runner import Task
from ascension.routes.recognition import queries
from ascension.routes.recognition.files import RESULT_FILE, WALL_FILE
from ascension.routes.recognition.service import KIND

MOST_ROUTES: Final = 12
"""The routes last used: each costs half a second."""


class _Found(BaseModel):
    """What the child says; like: the id of the earlier climb."""

    model_config = ConfigDict(extra="forbid")

    like: UUID | None
    is_same_route: bool | None
    confidence: float | None = Field(ge=0, le=1)


def recognition_task(
    database: Database,
    storage: Storage,
    *,
    limits: Limits,
    entrypoint: str = "ascension.routes.recognition.compute:run",
) -> Task:
    """The task that runs `compute.run` on stored results and pictures; it needs no video."""

    async def prepare(job: Job, folder: Path) -> dict[str, object]:
        async with database.transaction() as tx:
            found = await queries.list_source(tx.connection, job.subject_id, limit=MOST_ROUTES)
        laid = [str(one.analysis_id) for one in found if await _lay(storage, one, folder)]
        is_there = bool(laid) and laid[0] == str(found[0].analysis_id)
        return {"folder": str(folder), "climb": laid[0] if is_there else "", "earlier": laid[1:]}

    async def store(connection: Connection, job: Job, folder: Path, answer: dict[str, Any]) -> None:
        try:
            said = _Found.model_validate(answer)
        except ValidationError as error:
            raise ComputeCrashed("The recognition program left no result.") from error
        if said.like is not None and not (folder / str(said.like)).is_dir():
            raise ComputeCrashed("The recognition program named a climb that it was not given.")
        await queries.store(
            connection,
            job.subject_id,
            like_analysis_id=said.like,
            is_same_route=said.is_same_route,
            confidence=said.confidence,
        )

    return Task(KIND, entrypoint, limits, prepare, store)


async def _lay(storage: Storage, one: queries.Pictured, folder: Path) -> bool:
    """False: its picture is gone, which is as if there never was one."""
    own = folder / str(one.analysis_id)
    await asyncio.to_thread(own.mkdir)
    await asyncio.to_thread((own / RESULT_FILE).write_bytes, one.result)
    try:
        await storage.download(one.wall_key, own / WALL_FILE, max_bytes=WALL_MAX_BYTES)
    except ObjectMissingError:
        return False
    return True
