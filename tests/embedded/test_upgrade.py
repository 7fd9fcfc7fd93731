"""A new release on an old state: all of it or none of it, with a backup from before."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from ascension.embedded.backups.archive import Contents, verify
from ascension.embedded.engines.postgres import Postgres
from ascension.embedded.engines.programs import pg_binaries
from ascension.embedded.layout import Home, engine_account
from ascension.embedded.migrations import MIGRATIONS, migrate, versions_in
from ascension.embedded.upgrade import BEFORE, KEPT_BACKUPS, NEXT, bring_up_to_date, keep, take_back
from ascension.errors.setup import SetupError
from tests.conftest import Engines
from tests.rows import sql

pytestmark = pytest.mark.engines
ASCENSION = Path(sys.executable).with_name("ascension")


def add(releases: Path, number: int, statement: str) -> None:
    (releases / f"2099010100000{number}_more.sql").write_text(
        f"-- migrate:up\n{statement};\n-- migrate:down\nselect 1;\n"
    )


async def columns(engines: Engines) -> set[str]:
    found = await sql(
        engines, "select column_name from information_schema.columns where table_name = 'users'"
    )
    return {name for (name,) in found}


async def databases(engines: Engines) -> set[str]:
    return {name for (name,) in await sql(engines, "select datname from pg_database")}


def verified(backup: Path) -> Contents:
    with backup.open("rb") as file:
        return verify(file)


async def test_another_major_version_of_postgresql_is_told_with_the_way_out(tmp_path: Path) -> None:
    home = Home(tmp_path, engine_account({}))
    cluster = home.data("postgres") / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("9\n")
    database = Postgres(home, pg_binaries(), 1, home.secrets())
    with pytest.raises(
        SetupError, match=r"PostgreSQL 9 made the database .*ascension restore FILE --replace"
    ):
        await database.create_cluster()


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """This release's migrations, to which newer ones can be added."""
    return Path(shutil.copytree(MIGRATIONS, tmp_path / "migrations"))


async def test_an_upgrade_is_whole_or_not_at_all_and_can_be_taken_back(
    own_stack: Engines, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = own_stack.stack
    home, database = stack.home, stack.postgres
    await sql(
        own_stack,
        "insert into users (id, email, display_name, password_hash)"
        " values (gen_random_uuid(), 'a@example.org', 'A', 'x')",
    )
    assert await bring_up_to_date(home, database, releases) is None, "there is nothing to do"

    add(releases, 1, "alter table users add column first text")

    def small_disk(_path: Path) -> SimpleNamespace:
        return SimpleNamespace(free=1_000_000)

    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", small_disk)
        with pytest.raises(SetupError, match=r"An upgrade may need .* 1 MB are free"):
            await bring_up_to_date(home, database, releases)
    assert not home.backups.exists()
    assert "first" not in await columns(own_stack)
    backup = await bring_up_to_date(home, database, releases)
    assert backup is not None
    assert verified(backup).header.rows["users"] == 1
    assert backup.stat().st_mode & 0o777 == 0o600
    assert "first" in await columns(own_stack)
    assert await bring_up_to_date(home, database, releases) == backup, "killed before it was confirmed"
    await take_back(database)
    assert "first" not in await columns(own_stack)
    assert await databases(own_stack) >= {"ascension"}
    assert not {NEXT, BEFORE} & await databases(own_stack)

    add(releases, 2, "alter table nobody add column second text")
    with pytest.raises(SetupError, match=r"(?s)nothing was changed.*nobody"):
        await bring_up_to_date(home, database, releases)
    assert "first" not in await columns(own_stack)

    add(releases, 2, "alter table users add column second text")
    for year in range(2001, 2001 + KEPT_BACKUPS):
        (home.backups / f"{year}0101T000000.000000Z-before-upgrade-from-1.backup").touch()
    assert await bring_up_to_date(home, database, releases) is not None
    await keep(database)
    assert {"first", "second"} <= await columns(own_stack)
    assert not {NEXT, BEFORE} & await databases(own_stack)
    kept = sorted(file.name[:4] for file in home.backups.iterdir())
    assert len(kept) == KEPT_BACKUPS
    assert kept[0] > "2003", "the oldest went"
    async with await psycopg.AsyncConnection.connect(own_stack.api_url) as connection:
        found = await connection.execute("select email from users")
        assert await found.fetchall() == [("a@example.org",)]


def command(home: Home, port: int, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ASCENSION, "upgrade"],
        env={**os.environ, "ASCENSION_HOME": str(home.path), "API_PORT": str(port), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.thorough
async def test_the_command_upgrades_and_takes_back_what_does_not_start(
    own_stack: Engines, free_port: Callable[[], int]
) -> None:
    stack = own_stack.stack
    newest = max(versions_in(MIGRATIONS))
    await migrate(own_stack.migrate_url, command="rollback")  # as the release before left it
    stack.kill()

    undone = command(stack.home, free_port(), WORKER_CONCURRENCY="none")
    assert undone.returncode == 1
    assert "the upgrade was undone" in undone.stderr
    assert "WORKER_CONCURRENCY" in undone.stderr
    assert "stopped after" in undone.stdout

    done = command(stack.home, free_port())
    assert done.returncode == 0, done.stderr
    (said,) = re.findall(r"brought to this release; the one before lies in (.*)", done.stdout)
    assert newest not in verified(Path(said)).header.migrations
