"""A whole platform into one file: the database as of one moment, then the objects, then the secrets.

The database comes first: what its rows name is in storage already, and stays there unless it is deleted while
the objects are copied. What was deleted meanwhile is named in the manifest.
"""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import sql

from ascension import __version__
from ascension.embedded.backups.archive import (
    CHUNK_BYTES,
    DATABASE,
    OBJECTS,
    SECRETS,
    Advance,
    Contents,
    Header,
    Writer,
    verify,
)
from ascension.embedded.engines.engine import base_environment
from ascension.embedded.engines.postgres import CONNECT_TIMEOUT_S, Postgres
from ascension.embedded.engines.programs import pg_binaries
from ascension.embedded.engines.seaweedfs import BUCKET, SeaweedFS
from ascension.embedded.layout import Home
from ascension.errors.setup import SetupError
from ascension.infra.database.roles import MIGRATE
from ascension.infra.files import remove_leftovers, whole_or_nothing
from ascension.infra.storage.writing import MARK

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

DUMP_TIMEOUT_S = 3600.0
STALL_S = 60.0  # storage that sends nothing for this long has stopped answering
SLACK_BYTES = 50_000_000  # names, manifest and what comes while the backup runs


class Progress(Protocol):
    """Who is told how far it is."""

    def begin(self, what: str, total_bytes: int) -> Advance:
        """A step starts; the bytes that are done are told to what this returns."""
        ...


@dataclass(frozen=True)
class Source:
    """The engines that are read. Their home's secrets go along."""

    home: Home
    postgres: Postgres
    seaweedfs: SeaweedFS | None
    """None where the stored objects are left out."""


async def back_up(target: Path, source: Source, progress: Progress) -> Contents:
    """Write `target` whole or not at all, for our eyes only, and read it back before it gets its name.

    Raises:
        SetupError: it is there already, the disk is too small, or an engine stopped answering.
    """
    _make_way(target)
    with whole_or_nothing(target) as part, part.open("xb") as sink:
        part.chmod(0o600)
        try:
            await _write(sink, source, progress)
        except (psycopg.Error, ClientError, BotoCoreError, TimeoutError) as error:
            raise SetupError(f"An engine stopped answering, so nothing was written: {error}") from error
        sink.flush()
        os.fsync(sink.fileno())
        with part.open("rb") as written:
            advance = progress.begin("reading it back", part.stat().st_size)
            return await asyncio.to_thread(verify, written, advance)


def _make_way(target: Path) -> None:
    if target.exists():
        raise SetupError(f"{target} is there already: choose another name, or remove it.")
    if not target.parent.is_dir():
        raise SetupError(f"There is no directory {target.parent}.")
    remove_leftovers([target])


async def _write(sink: BinaryIO, source: Source, progress: Progress) -> None:
    directory = Path(sink.name).parent
    async with _snapshot(source.postgres) as (snapshot, database_bytes, found):
        listed = await list_objects(source.seaweedfs) if source.seaweedfs else []
        objects_bytes = sum(size for _, size in listed)
        _require_room(directory, room_for_rows_bytes(database_bytes) + objects_bytes)
        header = found.model_copy(update={"has_objects": source.seaweedfs is not None})
        # Its size must be known before it is written; a file without a name goes with the process.
        with tempfile.TemporaryFile(dir=directory) as dump:
            await asyncio.to_thread(_dump, source.postgres, snapshot, dump)
            size_bytes = os.fstat(dump.fileno()).st_size
            dump.seek(0)
            writer = Writer(sink, header, progress.begin("writing", size_bytes + objects_bytes))
            writer.add(SECRETS, (source.home.path / "secrets.json").read_bytes())
            with writer.member(DATABASE, size_bytes) as write:
                while chunk := dump.read(CHUNK_BYTES):
                    write(chunk)
    if source.seaweedfs:
        async with source.seaweedfs.client() as s3:
            for key, _ in listed:
                await _copy_object(s3, key, writer)
    writer.close()


def room_for_rows_bytes(database_bytes: int) -> int:
    """What a backup may take on the disk besides the objects: for a moment the dump lies there twice."""
    return 2 * database_bytes + SLACK_BYTES


def _require_room(directory: Path, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(directory).free
    if free_bytes < needed_bytes:
        raise SetupError(
            f"The backup may need {needed_bytes / 1e6:.0f} MB, and {free_bytes / 1e6:.0f} MB are free "
            f"in {directory}: choose another disk, or `--without-videos`."
        )


@asynccontextmanager
async def _snapshot(postgres: Postgres) -> AsyncGenerator[tuple[str, int, Header]]:
    """One moment of the database, kept for pg_dump: its name, the database's bytes, what it holds."""
    async with await psycopg.AsyncConnection.connect(
        postgres.url(MIGRATE), connect_timeout=CONNECT_TIMEOUT_S, options="-c statement_timeout=600s"
    ) as connection:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        await connection.set_read_only(True)
        facts = await connection.execute("select pg_export_snapshot(), pg_database_size(current_database())")
        snapshot, database_bytes = await facts.fetchone() or ("", 0)
        versions = await connection.execute("select version from schema_migrations order by version")
        header = Header(
            release=__version__,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            postgres=connection.info.parameter_status("server_version") or "",
            migrations=[name for (name,) in await versions.fetchall()],
            rows=await count_rows(connection),
            has_objects=True,
        )
        yield snapshot, database_bytes, header


async def count_rows(connection: psycopg.AsyncConnection) -> dict[str, int]:
    """How many rows each table of ours has."""
    found = await connection.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
    counts: dict[str, int] = {}
    for (table,) in await found.fetchall():
        counted = await connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table)))
        (counts[table],) = await counted.fetchone() or (0,)
    return counts


def _dump(postgres: Postgres, snapshot: str, target: IO[bytes]) -> None:
    options = ["--format=custom", f"--snapshot={snapshot}", "--no-owner", "--lock-wait-timeout=10s"]
    run_on_database(postgres, "pg_dump", options, stdout=target)


def run_on_database(
    postgres: Postgres,
    program: str,
    options: Sequence[str],
    *,
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
) -> None:
    """Run pg_dump or pg_restore on the database as the owner of its tables. Raises SetupError."""
    path = pg_binaries() / program
    if not path.is_file():
        raise SetupError(f"{path} is missing: PostgreSQL's client programs belong beside its server.")
    ran = subprocess.run(
        [path, *options],
        # not as arguments, which everyone on the machine can see
        env={**base_environment(postgres.home.path), **postgres.variables(MIGRATE)},
        stdin=stdin if stdin is not None else subprocess.DEVNULL,
        stdout=stdout if stdout is not None else subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=DUMP_TIMEOUT_S,
        check=False,
    )
    if ran.returncode:
        raise SetupError(f"{program} failed: {ran.stderr.decode(errors='replace').strip()[-500:]}")


async def list_objects(seaweedfs: SeaweedFS) -> list[tuple[str, int]]:
    """Key and size of every object of ours."""
    found: list[tuple[str, int]] = []
    async with seaweedfs.client() as s3:
        async for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
            for item in page.get("Contents", []):
                key, size = item.get("Key"), item.get("Size")
                if key is not None and size is not None and key != MARK:
                    found.append((key, size))
    return found


async def _copy_object(s3: "S3Client", key: str, writer: Writer) -> None:
    try:
        answer = await s3.get_object(Bucket=BUCKET, Key=key)
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") != 404:
            raise
        writer.gone.append(key)
        return
    with writer.member(OBJECTS + key, answer["ContentLength"], answer.get("ContentType", "")) as write:
        async with answer["Body"] as body:
            while True:
                async with asyncio.timeout(STALL_S):
                    chunk = await body.read(CHUNK_BYTES)
                if not chunk:
                    break
                write(chunk)
