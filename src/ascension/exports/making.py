"""Archives are made one at a time in each API process; one whose maker died is begun anew by any other."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

from ascension.accounts import queries as accounts
from ascension.errors.http import StorageUnavailable
from ascension.exports import queries
from ascension.exports.contents import README, listed
from ascension.exports.parts import ExportParts
from ascension.exports.queries import Export
from ascension.exports.zip_file import Archive
from ascension.infra.background import repeat
from ascension.infra.logging import get_logger
from ascension.infra.storage import removal
from ascension.infra.storage.keys import export_key, thumbnail_key
from ascension.infra.storage.lifetimes import EXPORT_DAYS
from ascension.infra.storage.objects import ObjectFrozenError, ObjectMissingError, Storage

LEASE_S = 60  # a part of an archive is stored in much less
PAUSE_S = 15  # after storage did not answer
REMOVE_AGAIN_S = 600
LOOK_EVERY_S = 2
ENDINGS = {
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-matroska": "mkv",
}


class _RemovedError(Exception):
    """Its owner does not want it any more, or another process has taken it over."""


async def run(parts: ExportParts) -> None:
    """Until canceled."""
    steps = {"exports": partial(_make_waiting, parts), "old exports": partial(sweep, parts)}
    await repeat(steps, every_s=LOOK_EVERY_S)


async def _make_waiting(parts: ExportParts) -> None:
    while await make_next(parts):
        pass


async def make_next(parts: ExportParts) -> bool:
    """The archive that waits longest; False: none does. Raises StorageUnavailable, DatabaseUnavailable."""
    claim_id = uuid4()
    async with parts.database.transaction() as tx:
        export = await queries.claim(tx.connection, claim_id, lease_s=LEASE_S)
    if export is None:
        return False
    try:
        await _make_or_drop(parts, export, claim_id)
    except StorageUnavailable:
        async with parts.database.transaction() as tx:
            await queries.put_off(tx.connection, claim_id, user_id=export.user_id, pause_s=PAUSE_S)
        raise
    return True


async def _make_or_drop(parts: ExportParts, export: Export, claim_id: UUID) -> None:
    """Of what is not wanted any more, nothing stays. Raises StorageUnavailable, DatabaseUnavailable."""
    key = export_key(export.user_id, export.id)
    if export.s3_upload_id is not None:
        await parts.storage.abort_upload(key, export.s3_upload_id)
    upload_id = await parts.storage.begin_upload(key, "application/zip")
    is_done = False
    try:
        await _make(parts, export, claim_id, upload_id)
        is_done = True
    except _RemovedError:
        get_logger().info("export_dropped", export_id=str(export.id))
    finally:
        if not is_done:
            with suppress(StorageUnavailable):  # then the bucket's rule drops it
                await parts.storage.abort_upload(key, upload_id)


async def _make(parts: ExportParts, export: Export, claim_id: UUID, upload_id: str) -> None:
    user_id, now = export.user_id, datetime.now(UTC)
    async with parts.database.transaction() as tx:
        videos = await queries.list_videos(tx.connection, user_id)
        results = await queries.list_results(tx.connection, user_id)
        total_bytes = sum(video.size_bytes for video in videos)
        await queries.begin(
            tx.connection, claim_id, user_id=user_id, s3_upload_id=upload_id, total_bytes=total_bytes
        )

    async def hold(done_bytes: int) -> None:
        async with parts.database.transaction() as tx:
            if not await queries.note_progress(
                tx.connection, claim_id, user_id=user_id, done_bytes=done_bytes, lease_s=LEASE_S
            ):
                raise _RemovedError

    archive = Archive(
        parts.storage,
        export_key(user_id, export.id),
        upload_id,
        total_bytes=total_bytes,
        on_part=hold,
    )
    await archive.add("README.txt", README[export.language].encode(), now)
    for one in listed():
        async with parts.database.transaction() as tx:
            found = await queries.rows(tx.connection, one.sql, user_id)
        await archive.add(one.file, _as_json(found), now)
    left_out: dict[str, str] = {}
    for result in results:
        await hold(archive.stored_bytes)
        await _add_result(parts, archive, result.id, user_id, left_out)
        if result.wall_object_key is not None:
            name = f"results/{result.id}.webp"
            await _add_object(parts.storage, archive, name, result.wall_object_key, left_out)
        if result.has_thumbnail:
            name, key = f"results/{result.id}-climb.webp", thumbnail_key(user_id, result.id)
            await _add_object(parts.storage, archive, name, key, left_out)
    for video in videos:
        name = f"videos/{video.id}.{ENDINGS.get(video.content_type, 'bin')}"
        await _add_object(parts.storage, archive, name, video.object_key, left_out)
    if left_out:
        await archive.add("not-included.json", _as_json(left_out), now)
    await _finish(parts, export, claim_id, await archive.close())


async def _add_result(
    parts: ExportParts, archive: Archive, analysis_id: UUID, user_id: UUID, left_out: dict[str, str]
) -> None:
    async with parts.database.transaction() as tx:
        data = await queries.get_result(tx.connection, analysis_id, user_id)
    if data is None:
        return  # deleted meanwhile
    try:
        as_json, as_csv = await asyncio.to_thread(_written, data)
    except ValueError:
        left_out[f"results/{analysis_id}"] = "the stored result cannot be read"
        return
    now = datetime.now(UTC)
    await archive.add(f"results/{analysis_id}.json", as_json, now)
    await archive.add(f"results/{analysis_id}.csv", as_csv, now)


def _written(data: bytes) -> tuple[bytes, bytes]:
    """A stored result as JSON and CSV. Raises ValueError."""
    from ascension.analyses.result import decode
    from ascension.reports.csv_file import csv_of
    from ascension.reports.json_file import json_of

    result = decode(data)
    return json_of(result), csv_of(result)


async def _add_object(
    storage: Storage, archive: Archive, name: str, object_key: str, left_out: dict[str, str]
) -> None:
    chunks = storage.chunks(object_key)
    try:
        first = await anext(chunks)
    except ObjectMissingError:
        left_out[name] = "it is not stored any more"
        return
    except ObjectFrozenError:
        left_out[name] = "it lies in the deep archive: bring it back, then ask again"
        return

    async def whole() -> AsyncGenerator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    await archive.add_stream(name, whole(), datetime.now(UTC))


async def _finish(parts: ExportParts, export: Export, claim_id: UUID, size_bytes: int) -> None:
    async with parts.database.transaction() as tx:
        is_wanted = await queries.finish(
            tx.connection, claim_id, user_id=export.user_id, size_bytes=size_bytes, keep_days=EXPORT_DAYS
        )
        user = await accounts.get_user(tx.connection, export.user_id)
        if is_wanted and user is not None and parts.post.is_on:
            await parts.post.put(tx, "export_ready", recipient=user.email, language=export.language)
    if not is_wanted:
        await removal.remove(parts.storage, export_key(export.user_id, export.id))


async def sweep(parts: ExportParts) -> None:
    """Rows and objects whose time is over go. Raises StorageUnavailable, DatabaseUnavailable."""
    async with parts.database.transaction() as tx:
        await queries.give_up(tx.connection)
        expired = await queries.take_expired(tx.connection, limit=10, lease_s=REMOVE_AGAIN_S)
    refusals = removal.Refusals(parts.storage)
    for one in expired:
        async with refusals.borne():
            await removal.remove(parts.storage, export_key(one.user_id, one.id))
            async with parts.database.transaction() as tx:
                await queries.delete(tx.connection, one.id, one.user_id)
    refusals.tell()


def _as_json(found: object) -> bytes:
    return json.dumps(found, ensure_ascii=False, indent=1, default=str).encode()
