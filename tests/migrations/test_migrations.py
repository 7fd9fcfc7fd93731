"""Migrations on real PostgreSQL: up, down, up with rows, the schema as reviewed, no long waits."""

import asyncio
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from ascension.embedded import migrations
from ascension.embedded.engines.postgres import ADMIN
from ascension.embedded.migrations import MIGRATIONS, migrate
from ascension.errors.setup import SetupError
from ascension.infra.database.primary import LOCK_TIMEOUT_MS, SCHEMA_VERSION
from tests.conftest import Engines
from tests.eventually import eventually
from tests.infra.filling import fill
from tests.migrations.schema import HEADER, SCHEMA, dump, normalize

COUNT = len(list(MIGRATIONS.glob("[0-9]*.sql")))


async def _down(database: str, steps: int) -> None:
    for _ in range(steps):
        await migrate(database, command="rollback")


@pytest.mark.proves("M66")
async def test_up_down_up_on_filled_tables(engines: Engines, database: str) -> None:
    empty = dump(database)
    await migrate(database)
    newest = dump(database)
    assert newest != empty
    user_id = str(uuid.uuid4())
    admin_url = engines.stack.postgres.url(ADMIN, urlsplit(database).path[1:])
    async with await psycopg.AsyncConnection.connect(admin_url) as connection:
        await connection.execute(
            "insert into users (id, email, display_name, password_hash) values (%s, 'a@b.org', 'A', 'x')",
            (user_id,),
        )
    await fill(admin_url, user_id, summary='{"attempts": []}', analyses=5_000, users=300)
    async with await psycopg.AsyncConnection.connect(admin_url) as connection:
        asked = await connection.execute("select count(*) from video_copies where purpose = 'preview'")
        ((previews,),) = await asked.fetchall()
    filled = await _count(database)
    assert not [table for table, rows in filled.items() if not rows], "fill them in tests/infra/filling.py"
    await _down(database, COUNT - 1)
    first = await _count(database)
    # what the first release knows is all there; the jobs of later kinds went with what they were about
    kept = set(first) - {"jobs", "object_deletions"}
    assert {table: first[table] for table in kept} == {table: filled[table] for table in kept}
    assert first["jobs"] == filled["jobs"] - filled["comparisons"] - filled["recognitions"] - previews
    assert first["object_deletions"] == filled["object_deletions"] + previews
    await migrate(database)
    assert dump(database) == newest
    again = await _count(database)
    assert {table: again[table] for table in first} == first
    assert not await _orphans(database)
    await _down(database, COUNT)
    assert dump(database) == empty
    await migrate(database)
    assert dump(database) == newest


async def _count(database: str) -> dict[str, int]:
    """Rows by table."""
    async with await psycopg.AsyncConnection.connect(database) as connection:
        found = await connection.execute(
            "select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'"
        )
        rows: dict[str, int] = {}
        for (table,) in await found.fetchall():
            counted = await connection.execute(
                sql.SQL("select count(*) from {}").format(sql.Identifier(table))
            )
            ((rows[table],),) = await counted.fetchall()
        return rows


async def _orphans(database: str) -> list[str]:
    """References that lead nowhere, each checked anew as PostgreSQL would check it."""
    broken: list[str] = []
    async with await psycopg.AsyncConnection.connect(database) as connection:
        found = await connection.execute(
            "select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint"
            " where contype in ('f', 'c') and connamespace = 'public'::regnamespace"
        )
        for table, name, definition in await found.fetchall():
            again = sql.SQL("alter table {} add constraint again {}").format(
                sql.Identifier(table), sql.SQL(definition)
            )
            try:
                await connection.execute(again)
            except psycopg.errors.IntegrityError:
                broken.append(name)
            await connection.rollback()
    return broken


async def test_migrating_twice_changes_nothing(migrated: str) -> None:
    first = dump(migrated)
    await migrate(migrated)
    assert dump(migrated) == first


async def test_the_schema_is_the_reviewed_one(migrated: str) -> None:
    assert HEADER + dump(migrated) == SCHEMA.read_text(), "run `python -m tests.migrations.schema` and review"


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


async def test_a_migration_gives_up_when_it_would_wait(migrated: str, adds_a_column: Path) -> None:
    async with (
        await psycopg.AsyncConnection.connect(migrated) as reader,
        await psycopg.AsyncConnection.connect(migrated, autocommit=True) as platform,
    ):
        await reader.execute("select count(*) from users")  # an open transaction holds its lock
        migrating = asyncio.create_task(migrate(migrated, adds_a_column, pauses_s=()))
        await eventually(lambda: _waits_for_lock(platform))
        # who comes behind the migration has to wait for it, and then goes on: the API's limit is longer
        await platform.execute(sql.SQL("set lock_timeout = {}").format(LOCK_TIMEOUT_MS))
        await platform.execute("select count(*) from users")
        with pytest.raises(SetupError, match=r"(?s)gave up after 1 tries.*pg_stat_activity.*lock timeout"):
            await migrating
    assert "nickname" not in dump(migrated)


async def test_a_migration_tries_again_what_was_in_use(
    migrated: str, adds_a_column: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "SESSION_LIMITS", "-c lock_timeout=300ms")
    async with (
        await psycopg.AsyncConnection.connect(migrated) as reader,
        await psycopg.AsyncConnection.connect(migrated, autocommit=True) as observer,
    ):
        await reader.execute("select count(*) from users")
        migrating = asyncio.create_task(migrate(migrated, adds_a_column, pauses_s=(0.1,) * 20))
        await eventually(lambda: _waits_for_lock(observer))
        await eventually(lambda: _gave_up(observer))
        await reader.rollback()
        await migrating
    assert "nickname" in dump(migrated)


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
