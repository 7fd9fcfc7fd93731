"""Migrations on real PostgreSQL: up, down, up with rows, the schema as reviewed, no long waits."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ascension.embedded.migrations import MIGRATIONS, migrate
from ascension.embedded.postgres import MIGRATE, create_database
from ascension.errors import SetupError
from ascension.infra.db import LOCK_TIMEOUT_MS, SCHEMA_VERSION
from tests.conftest import Engines
from tests.eventually import eventually
from tests.migrations.schema import HEADER, SCHEMA, dump, normalize

COUNT = len(list(MIGRATIONS.glob("[0-9]*.sql")))


@pytest.fixture
async def database(engines: Engines) -> AsyncIterator[str]:
    """The URL, for the migration role, of an empty database of this test alone."""
    name = f"migrations_{uuid.uuid4().hex[:12]}"
    async with await psycopg.AsyncConnection.connect(engines.admin_url, autocommit=True) as admin:
        await create_database(admin, name)
        try:
            yield f"{engines.stack.postgres.url(MIGRATE, name)}?sslmode=disable"
        finally:
            drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            await admin.execute(drop)


async def _down(database: str) -> None:
    for _ in range(COUNT):
        await migrate(database, command="rollback")


@pytest.mark.proves("M66")
async def test_up_down_up_with_rows(database: str) -> None:
    empty = dump(database)
    await migrate(database)
    first = dump(database)
    assert first != empty
    async with await psycopg.AsyncConnection.connect(database) as connection:
        await connection.execute(
            "insert into users (id, email, display_name, password_hash) values (%s, 'a@b.org', 'A', 'x')",
            (uuid.uuid4(),),
        )
    await _down(database)
    assert dump(database) == empty
    await migrate(database)
    assert dump(database) == first


async def test_migrating_twice_changes_nothing(database: str) -> None:
    await migrate(database)
    first = dump(database)
    await migrate(database)
    assert dump(database) == first


async def test_the_schema_is_the_reviewed_one(database: str) -> None:
    await migrate(database)
    assert HEADER + dump(database) == SCHEMA.read_text(), "run `python -m tests.migrations.schema` and review"


def test_the_release_asks_for_its_newest_migration() -> None:
    newest = max(path.name for path in MIGRATIONS.glob("[0-9]*.sql"))
    assert newest.startswith(SCHEMA_VERSION), "write the new one's number into `infra/db.py`"


def test_normalizing_keeps_statements_only() -> None:
    dumped = "--\n-- version 18\n\n\\restrict abc\nSET x = 1;\n\n\n\nCREATE TABLE a (\n    b text\n);\n\n\n"
    assert normalize(dumped) == "CREATE TABLE a (\n    b text\n);\n"


@pytest.fixture
def adds_a_column(tmp_path: Path) -> Path:
    """A folder with one migration that needs the table of users for itself."""
    (tmp_path / "20990101000000_wait.sql").write_text(
        "-- migrate:up\nalter table users add column nickname text;\n-- migrate:down\nselect 1;\n"
    )
    return tmp_path


async def test_a_migration_gives_up_when_it_would_wait(database: str, adds_a_column: Path) -> None:
    await migrate(database)
    async with (
        await psycopg.AsyncConnection.connect(database) as reader,
        await psycopg.AsyncConnection.connect(database, autocommit=True) as platform,
    ):
        await reader.execute("select count(*) from users")  # an open transaction holds its lock
        migrating = asyncio.create_task(migrate(database, adds_a_column, pauses_s=()))
        await eventually(lambda: _waits_for_lock(platform))
        # who comes behind the migration has to wait for it, and then goes on: the API's limit is longer
        await platform.execute(sql.SQL("set lock_timeout = {}").format(LOCK_TIMEOUT_MS))
        await platform.execute("select count(*) from users")
        with pytest.raises(SetupError, match=r"(?s)gave up after 1 tries.*pg_stat_activity.*lock timeout"):
            await migrating
    assert "nickname" not in dump(database)


async def test_a_migration_tries_again_what_was_in_use(database: str, adds_a_column: Path) -> None:
    await migrate(database)
    async with (
        await psycopg.AsyncConnection.connect(database) as reader,
        await psycopg.AsyncConnection.connect(database, autocommit=True) as observer,
    ):
        await reader.execute("select count(*) from users")
        migrating = asyncio.create_task(migrate(database, adds_a_column, pauses_s=(0.1, 0.1, 0.1)))
        await eventually(lambda: _waits_for_lock(observer))
        await eventually(lambda: _gave_up(observer))
        await reader.rollback()
        await migrating
    assert "nickname" in dump(database)


async def _waits_for_lock(connection: psycopg.AsyncConnection) -> bool:
    found = await connection.execute(
        "select from pg_locks where not granted and relation = 'users'::regclass"
    )
    return await found.fetchone() is not None


async def _gave_up(connection: psycopg.AsyncConnection) -> bool:
    return not await _waits_for_lock(connection)


@pytest.mark.parametrize("migration", sorted(MIGRATIONS.glob("[0-9]*.sql")), ids=lambda path: path.stem)
def test_every_migration_has_a_way_back(migration: Path) -> None:
    up, _, down = migration.read_text().partition("-- migrate:down")
    assert "-- migrate:up" in up
    assert down.strip(), f"{migration.name} says not how to undo it"
