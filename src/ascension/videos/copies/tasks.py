"""The worker's side of a copy: fetch the video, let the child copy it, put that into storage."""

import asyncio
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from ascension.errors.jobs import ComputeCrashed
from ascension.infra.database.primary import Connection, Database
from ascension.infra.storage import sending
from ascension.infra.storage.keys import clean_key, copy_key
from ascension.infra.storage.objects import Storage
from ascension.infra.storage.sending import Sent
from ascension.jobs.compute import Limits
from ascension.jobs.queries import Job
from ascension.jobs.runner import Task
from ascension.jobs.scratch import open_left
from ascension.videos.copies import queries
from ascension.videos.copies.queries import Source
from ascension.videos.copies.service import KIND
from ascension.videos.fetching import fetch
from ascension.videos.schemas import ContentType
from ascension.videos.uploads.service import part_bytes_for

VIDEO_FILE, COPY_FILE = "video", "copy"
_SOURCE, _SENT, _PART_BYTES = "source", "sent", "part_size_bytes"
"""What `send` adds for `store`."""
_CONTENT_TYPE: Final[TypeAdapter[ContentType]] = TypeAdapter(ContentType)


def copy_task(
    database: Database,
    storage: Storage,
    *,
    limits: Limits,
    max_bytes: int,
    backend: str = "auto",
    entrypoint: str = "ascension.videos.copies.compute:run",
) -> Task:
    """The task that runs `compute.run` on one stored video; `max_bytes`: of it."""

    async def prepare(job: Job, folder: Path) -> dict[str, object]:
        source = await fetch(
            database,
            storage,
            lambda connection: queries.get_source(connection, job.subject_id),
            folder / VIDEO_FILE,
            max_bytes=max_bytes,
        )
        return {
            "video_path": str(folder / VIDEO_FILE),
            "copy_path": str(folder / COPY_FILE),
            "purpose": source.purpose,
            "threads": limits.threads,
            "backend": backend,
        }

    async def send(job: Job, folder: Path, answer: dict[str, Any]) -> dict[str, Any]:
        async with database.transaction() as tx:
            source = await queries.get_source(tx.connection, job.subject_id)
        file = await asyncio.to_thread(open_left, folder / COPY_FILE, max_bytes=limits.file_bytes)
        if source is None or file is None:
            raise ComputeCrashed("The copying program left no video.")
        with file:
            size_bytes = (folder / COPY_FILE).stat().st_size
            part_bytes = part_bytes_for(size_bytes)
            sent = await sending.send(
                storage,
                clean_key(source.user_id, source.video_id)
                if source.purpose == "saved"
                else copy_key(source.user_id, job.subject_id),
                file,
                content_type=_content_type(answer),
                part_bytes=part_bytes,
            )
        return {**answer, _SOURCE: source, _SENT: sent, _PART_BYTES: part_bytes}

    async def store(connection: Connection, job: Job, _folder: Path, answer: dict[str, Any]) -> None:
        source, sent = answer[_SOURCE], answer[_SENT]
        if source.purpose == "saved" and not await _keep(connection, job, source, sent, answer):
            return
        await queries.mark_made(
            connection, job.subject_id, content_type=_content_type(answer), size_bytes=sent.size_bytes
        )
        await sending.join(storage, sent)

    return Task(KIND, entrypoint, limits, prepare, store, send=send)


async def _keep(connection: Connection, job: Job, source: Source, sent: Sent, answer: dict[str, Any]) -> bool:
    return await queries.keep_clean_video(
        connection,
        job.subject_id,
        cleaned_key=source.object_key,
        content_type=_content_type(answer),
        size_bytes=sent.size_bytes,
        part_size_bytes=answer[_PART_BYTES],
        digests=sent.digests,
    )


def _content_type(answer: dict[str, Any]) -> ContentType:
    """Of the copy, as the child says: it reads hostile videos, so only what we know is taken."""
    try:
        return _CONTENT_TYPE.validate_python(answer.get("content_type"))
    except ValidationError as error:
        raise ComputeCrashed("The copying program left no video.") from error
