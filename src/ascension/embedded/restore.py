"""A backup becomes a platform: verified first, built beside what is there, put in force at the very end."""

import asyncio
import base64
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import psycopg
from botocore.exceptions import BotoCoreError, ClientError

from ascension.audit.entries import COMMAND, PLATFORM, record
from ascension.embedded import swap
from ascension.embedded.backups import erasures
from ascension.embedded.backups.archive import (
    DATABASE,
    HEADER,
    OBJECTS,
    SECRETS,
    Contents,
    Member,
    Reading,
    read,
    verify,
)
from ascension.embedded.backups.backup import Progress, count_rows, list_objects, run_on_database
from ascension.embedded.engines.postgres import CONNECT_TIMEOUT_S, Postgres
from ascension.embedded.engines.postgres import DATABASE as POSTGRES_DATABASE
from ascension.embedded.engines.seaweedfs import BUCKET
from ascension.embedded.layout import Home, write_private
from ascension.embedded.migrations import MIGRATIONS, migrate, versions_in
from ascension.embedded.record import Record, end_orphans
from ascension.embedded.stack import Stack
from ascension.errors.setup import BackupDamaged, BackupTooNew, SetupError
from ascension.infra.database.roles import MIGRATE

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import CompletedPartTypeDef

PART_BYTES = 8 << 20  # of an object on its way into storage: what one takes in memory
SLACK_BYTES = 500_000_000  # the engines' own files

# Leases of another machine's workers mean nothing here, and no stream holds what waits.
HAND_BACK = """
    update jobs set
        state = case when cancel_requested then 'canceled' else 'queued' end,
        finished_at = case when cancel_requested then now() end,
        claim_id = null, lease_until = null, stage = null, progress_pct = 0
    where state = 'processing'
"""
DELIVER_NOW = "update jobs set delivered_at = null, deliver_after = now() where state = 'queued'"
FORGET_WORKERS = "delete from workers"


def check(source: BinaryIO, progress: Progress) -> Contents:
    """Read the whole backup and see whether this release can take it. Raises BackupDamaged, BackupTooNew."""
    size_bytes = os.fstat(source.fileno()).st_size
    contents = verify(source, progress.begin("verifying", size_bytes))
    if newer := sorted(set(contents.header.migrations) - versions_in(MIGRATIONS)):
        raise BackupTooNew(
            f"Release {contents.header.release} wrote this backup, with a database that this one does not "
            f"know ({newer[-1]}): update the program first, then restore."
        )
    return contents


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    contents: Contents
    aside: Path | None
    """Where an older state was put."""
    erased_again: int
    """Accounts of the backup that had been erased since it was written."""
    erased_unknown_because: str


async def restore(file: Path, home: Home, progress: Progress, *, replace: bool) -> Restored:
    """Make the platform of `file` in `home`.

    Until the last moment a state that was there before stays as it is.

    Raises:
        BackupDamaged, BackupTooNew: nothing was touched.
        SetupError: it runs, there is a platform already and `replace` is false, or the disk is too small.
    """
    with file.open("rb") as source:
        contents = await asyncio.to_thread(check, source, progress)
        home.create()
        record = Record(home, doing=f"A backup is being restored in {home.path}")
        record.acquire()
        try:
            await asyncio.to_thread(_make_way, home, contents, replace=replace)
            known = await erasures.read(home, record)
            source.seek(0)
            staged = swap.staging(home)
            erased_again = await _build(source, contents, staged, progress, known.erased)
            if not contents.header.has_objects:  # those that are in the home stay in force
                await asyncio.to_thread(shutil.rmtree, staged.data("seaweedfs"))
            aside = await asyncio.to_thread(swap.swap, home)
        finally:
            record.release()
    return Restored(contents, aside, erased_again, known.unknown_because)


def _make_way(home: Home, contents: Contents, *, replace: bool) -> None:
    end_orphans(home)
    swap.finish(home)
    if swap.is_filled(home) and not replace:
        raise SetupError(
            f"There is a platform at {home.path}: set ASCENSION_HOME to an empty place, or add "
            "`--replace`, which puts what is there aside."
        )
    needed_bytes, free_bytes = contents.size_bytes + SLACK_BYTES, shutil.disk_usage(home.path).free
    if free_bytes < needed_bytes:
        raise SetupError(
            f"About {needed_bytes / 1e6:.0f} MB are needed at {home.path}, {free_bytes / 1e6:.0f} MB are "
            "free: free some space, or set ASCENSION_HOME to a larger disk."
        )


async def _build(
    source: BinaryIO,
    contents: Contents,
    staged: Home,
    progress: Progress,
    erased: tuple[erasures.Erased, ...],
) -> int:
    """Fill the staged home; on any failure nothing of it is left. How many accounts were erased again."""
    try:
        staged.create()
        members = read(source, progress.begin("restoring", contents.size_bytes))
        _take_secrets(members, staged)
        stack = Stack(staged)
        await stack.start(migrating=False)
        try:
            await _fill(stack, members, contents)
            return await erasures.apply(stack.postgres.url(MIGRATE), erased)
        except (psycopg.Error, ClientError, BotoCoreError) as error:
            raise SetupError(f"An engine failed while it was filled; nothing was changed: {error}") from error
        finally:
            await stack.stop()
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, staged.path, ignore_errors=True)
        raise


def _take_secrets(members: Iterator[Reading], staged: Home) -> None:
    """They come before everything else, because the engines are made with them."""
    for member in members:
        if member.name == SECRETS:
            write_private(staged.path / "secrets.json", member.whole().decode(errors="replace"))
            staged.secrets()
            return
        if member.name != HEADER:
            break
    raise BackupDamaged("Its secrets do not come first.")


async def _fill(stack: Stack, members: Iterator[Reading], contents: Contents) -> None:
    """The database, then the objects, in the order of the file."""
    async with stack.seaweedfs.client() as s3:
        for member in members:
            if member.name == DATABASE:
                await _load(stack.postgres, member, contents)
            elif member.name.startswith(OBJECTS):
                key = member.name.removeprefix(OBJECTS)
                await _put(s3, key, member, contents.objects[key])
    stored = dict(await list_objects(stack.seaweedfs))
    if stored != {key: member.size_bytes for key, member in contents.objects.items()}:
        raise SetupError("The storage that was restored holds other objects than were backed up.")
    await migrate(stack.postgres.url(MIGRATE))
    async with await psycopg.AsyncConnection.connect(
        stack.postgres.url(MIGRATE), connect_timeout=CONNECT_TIMEOUT_S
    ) as connection:
        for statement in (HAND_BACK, DELIVER_NOW, FORGET_WORKERS):
            await connection.execute(statement)
        await record(connection, "platform.restored", COMMAND, PLATFORM, release=contents.header.release)


async def _load(postgres: Postgres, member: Reading, contents: Contents) -> None:
    """The dump into the empty database, in one transaction; the rows are counted afterwards."""
    with tempfile.TemporaryFile(dir=postgres.home.path) as dump:  # pg_restore wants to go back and forth
        for chunk in member.chunks():
            dump.write(chunk)
        dump.seek(0)
        options = ["--single-transaction", "--exit-on-error", "--no-owner", f"--dbname={POSTGRES_DATABASE}"]
        await asyncio.to_thread(run_on_database, postgres, "pg_restore", options, stdin=dump)
    async with await psycopg.AsyncConnection.connect(
        postgres.url(MIGRATE), connect_timeout=CONNECT_TIMEOUT_S
    ) as connection:
        counted = await count_rows(connection)
    if counted != contents.header.rows:
        raise SetupError("The database that was restored has other rows than were backed up.")


async def _put(s3: "S3Client", key: str, member: Reading, stated: Member) -> None:
    """One object, with the digest that storage compares; a large one in parts, so that memory stays small."""
    if member.size_bytes <= PART_BYTES:
        body = member.whole(PART_BYTES)
        await s3.put_object(
            Bucket=BUCKET, Key=key, Body=body, ContentType=stated.content_type, ChecksumSHA256=_digest(body)
        )
        return
    opened = await s3.create_multipart_upload(
        Bucket=BUCKET, Key=key, ContentType=stated.content_type, ChecksumAlgorithm="SHA256"
    )
    parts: list[CompletedPartTypeDef] = []
    for number, body in enumerate(member.chunks(PART_BYTES), 1):
        answer = await s3.upload_part(
            Bucket=BUCKET,
            Key=key,
            UploadId=opened["UploadId"],
            PartNumber=number,
            Body=body,
            ChecksumSHA256=_digest(body),
        )
        parts.append({"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": _digest(body)})
    await s3.complete_multipart_upload(
        Bucket=BUCKET, Key=key, UploadId=opened["UploadId"], MultipartUpload={"Parts": parts}
    )


def _digest(body: bytes) -> str:
    return base64.b64encode(hashlib.sha256(body).digest()).decode()
