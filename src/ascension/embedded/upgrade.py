"""A newer release on an older home: backed up, migrated on a copy, and back where it was if that fails.

The copy takes the database's name only when every migration has worked, both names in one transaction. The
database from before stays beside it until API and worker have answered on the new one: `keep` then drops it,
`take_back` puts it in force again. A process that dies in between leaves one or the other, whole.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from ascension.embedded.backups.archive import Advance
from ascension.embedded.backups.backup import Source, back_up, room_for_rows_bytes
from ascension.embedded.engines.postgres import ADMIN, CONNECT_TIMEOUT_S, DATABASE, Postgres
from ascension.embedded.layout import Home
from ascension.embedded.migrations import MIGRATIONS, migrate, versions_in
from ascension.errors.setup import SetupError
from ascension.infra.database.roles import MIGRATE, create_database

NEXT, BEFORE = f"{DATABASE}_next", f"{DATABASE}_before"
KEPT_BACKUPS = 3


class _Silent:
    """A start shows no bars."""

    def begin(self, what: str, total_bytes: int) -> Advance:
        def advance(done_bytes: int) -> None:
            _ = what, total_bytes, done_bytes

        return advance


async def bring_up_to_date(home: Home, postgres: Postgres, directory: Path = MIGRATIONS) -> Path | None:
    """Migrate. The backup of an older release's tables, if any were there; `keep` or `take_back` must follow.

    Raises SetupError where a migration fails; the database is then as it was.
    """
    async with await _admin(postgres) as connection:
        await _drop(connection, NEXT)
        unconfirmed = await _exists(connection, BEFORE)
    applied = await _applied(postgres)
    if not applied:
        await migrate(postgres.url(MIGRATE), directory)
        return None
    if not versions_in(directory) - applied:
        return _newest_backup(home) if unconfirmed else None
    await _require_room(postgres)
    file = await _back_up(home, postgres, max(applied))
    await _migrate_copy(postgres, directory, file)
    return file


async def _applied(postgres: Postgres) -> set[str]:
    async with await psycopg.AsyncConnection.connect(
        postgres.url(MIGRATE), connect_timeout=CONNECT_TIMEOUT_S
    ) as connection:
        found = await connection.execute("select to_regclass('public.schema_migrations') is not null")
        if await found.fetchone() != (True,):
            return set()
        versions = await connection.execute("select version from schema_migrations")
        return {version for (version,) in await versions.fetchall()}


async def _back_up(home: Home, postgres: Postgres, version: str) -> Path:
    """The rows and the secrets: migrations change no stored object."""
    home.backups.mkdir(mode=0o700, exist_ok=True)
    file = home.backups / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-before-upgrade-from-{version}.backup"
    await back_up(file, Source(home, postgres, None), _Silent())
    for old in sorted(home.backups.glob("*.backup"))[:-KEPT_BACKUPS]:
        old.unlink()
    return file


def _newest_backup(home: Home) -> Path | None:
    return max(home.backups.glob("*.backup"), default=None)


async def _migrate_copy(postgres: Postgres, directory: Path, backup: Path) -> None:
    async with await _admin(postgres) as connection:
        await create_database(connection, NEXT, template=DATABASE)
        try:
            await migrate(postgres.url(MIGRATE, NEXT), directory)
        except SetupError as error:
            await _drop(connection, NEXT)
            raise SetupError(
                f"The upgrade was not made, and nothing was changed: the release before runs on. "
                f"(A backup lies in {backup}.) {error.detail}"
            ) from error
        await _drop(connection, BEFORE)
        async with connection.transaction():
            await _rename(connection, DATABASE, BEFORE)
            await _rename(connection, NEXT, DATABASE)


async def _require_room(postgres: Postgres) -> None:
    """For a backup of the rows and a copy of the database. Raises SetupError."""
    async with await _admin(postgres) as connection:
        found = await connection.execute("select pg_database_size(%s)", (DATABASE,))
        (database_bytes,) = await found.fetchone() or (0,)
    needed_bytes = room_for_rows_bytes(database_bytes) + database_bytes
    free_bytes = shutil.disk_usage(postgres.home.path).free
    if free_bytes < needed_bytes:
        raise SetupError(
            f"An upgrade may need {needed_bytes / 1e6:.0f} MB for a backup and a copy of the database, and "
            f"{free_bytes / 1e6:.0f} MB are free at {postgres.home.path}: free some space first."
        )


async def keep(postgres: Postgres) -> None:
    """The new release answers: the database from before is not needed any more."""
    async with await _admin(postgres) as connection:
        await _drop(connection, BEFORE)


async def take_back(postgres: Postgres) -> None:
    """The new release did not answer: the database from before is in force again."""
    async with await _admin(postgres) as connection:
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = any(%s)",
            ([DATABASE, BEFORE],),
        )
        async with connection.transaction():
            await _rename(connection, DATABASE, NEXT)
            await _rename(connection, BEFORE, DATABASE)
        await _drop(connection, NEXT)


async def _admin(postgres: Postgres) -> psycopg.AsyncConnection:
    return await psycopg.AsyncConnection.connect(
        postgres.url(ADMIN, "postgres"), autocommit=True, connect_timeout=CONNECT_TIMEOUT_S
    )


async def _exists(connection: psycopg.AsyncConnection, database: str) -> bool:
    found = await connection.execute("select 1 from pg_database where datname = %s", (database,))
    return await found.fetchone() is not None


async def _drop(connection: psycopg.AsyncConnection, database: str) -> None:
    await connection.execute(
        sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database))
    )


async def _rename(connection: psycopg.AsyncConnection, database: str, name: str) -> None:
    await connection.execute(
        sql.SQL("alter database {} rename to {}").format(sql.Identifier(database), sql.Identifier(name))
    )
